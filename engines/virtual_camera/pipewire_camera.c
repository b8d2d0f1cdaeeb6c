/* A camera without a kernel module: a PipeWire Video/Source node that gives its readers the picture
 * it was sent last. engines/virtual_camera/pipewire_library.py calls it.
 *
 * All that belongs to PipeWire is touched on the loop's own thread, or under its lock. The sender
 * shares two things with that thread: `state`, and `latest` under `picture`.
 * When PipeWire goes away (it is restarted, the user logs out), the node is made anew as soon as
 * PipeWire is back; nobody has to do anything about it. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <pipewire/pipewire.h>
#include <spa/param/video/format-utils.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_THIS_CPU __attribute__((target_clones("avx2", "default")))
#else
#define FOR_THIS_CPU
#endif

enum { LOST = 0, UNREAD = 1, READ = 2 };
enum { RETRY_MS = 500, START_S = 3, WIDEST = 4096 };

struct camera {
    struct pw_thread_loop *thread;
    struct pw_context *context;
    struct pw_core *core;
    struct pw_stream *stream;
    struct spa_source *retry;
    struct spa_hook core_listener, stream_listener;
    char *name;
    int width, height, fps;
    size_t size;
    uint64_t sequence;
    int broken; /* what is connected has failed and is to be dropped */
    atomic_int state;
    pthread_mutex_t picture;
    uint8_t *latest, *next;
};

/* --- colours: BT.601, limited range, as cameras send them ------------------------------------- */

FOR_THIS_CPU static void row_to_yuy2(const uint8_t *restrict rgb, uint8_t *restrict out, int width)
{
    int16_t r[WIDEST], g[WIDEST], b[WIDEST];
    for (int x = 0; x < width; x++) {
        r[x] = rgb[3 * x];
        g[x] = rgb[3 * x + 1];
        b[x] = rgb[3 * x + 2];
    }
    for (int x = 0; x < width; x++)
        out[2 * x] = (uint8_t)((((uint16_t)(66 * r[x]) + (uint16_t)(129 * g[x]) + (uint16_t)(25 * b[x]) + 128) >> 8) + 16);
    for (int x = 0; x < width; x += 2) {
        int red = r[x] + r[x + 1], green = g[x] + g[x + 1], blue = b[x] + b[x + 1];
        out[2 * x + 1] = (uint8_t)(((112 * blue - 38 * red - 74 * green + 256) >> 9) + 128);
        out[2 * x + 3] = (uint8_t)(((112 * red - 94 * green - 18 * blue + 256) >> 9) + 128);
    }
}

/* For tests too. */
void translated_camera_convert(const uint8_t *rgb, uint8_t *out, int width, int height)
{
    for (int y = 0; y < height; y++)
        row_to_yuy2(rgb + (size_t)3 * width * y, out + (size_t)2 * width * y, width);
}

/* --- the stream ------------------------------------------------------------------------------- */

static void on_process(void *data)
{
    struct camera *camera = data;
    struct pw_buffer *buffer = pw_stream_dequeue_buffer(camera->stream);
    struct spa_meta_header *header;
    struct spa_data *target;
    if (buffer == NULL)
        return;
    target = &buffer->buffer->datas[0];
    if (target->data != NULL && target->maxsize >= camera->size) {
        pthread_mutex_lock(&camera->picture);
        memcpy(target->data, camera->latest, camera->size);
        pthread_mutex_unlock(&camera->picture);
        target->chunk->offset = 0;
        target->chunk->size = (uint32_t)camera->size;
        target->chunk->stride = camera->width * 2;
    }
    header = spa_buffer_find_meta_data(buffer->buffer, SPA_META_Header, sizeof(*header));
    if (header != NULL) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        header->pts = SPA_TIMESPEC_TO_NSEC(&now);
        header->flags = 0;
        header->seq = camera->sequence++;
        header->dts_offset = 0;
    }
    pw_stream_queue_buffer(camera->stream, buffer);
}

static void on_state_changed(void *data, enum pw_stream_state old, enum pw_stream_state state, const char *error)
{
    struct camera *camera = data;
    (void)old;
    (void)error;
    if (state == PW_STREAM_STATE_STREAMING) {
        atomic_store(&camera->state, READ);
    } else if (state == PW_STREAM_STATE_PAUSED) {
        atomic_store(&camera->state, UNREAD);
    } else {
        atomic_store(&camera->state, LOST);
        if (state != PW_STREAM_STATE_CONNECTING)
            camera->broken = 1;
    }
    pw_thread_loop_signal(camera->thread, false);
}

static void on_param_changed(void *data, uint32_t id, const struct spa_pod *param)
{
    struct camera *camera = data;
    uint8_t room[1024];
    struct spa_pod_builder builder = SPA_POD_BUILDER_INIT(room, sizeof(room));
    const struct spa_pod *params[2];
    if (param == NULL || id != SPA_PARAM_Format)
        return;
    params[0] = spa_pod_builder_add_object(&builder, SPA_TYPE_OBJECT_ParamBuffers, SPA_PARAM_Buffers,
        SPA_PARAM_BUFFERS_buffers, SPA_POD_CHOICE_RANGE_Int(4, 2, 8),
        SPA_PARAM_BUFFERS_blocks, SPA_POD_Int(1),
        SPA_PARAM_BUFFERS_size, SPA_POD_Int((int)camera->size),
        SPA_PARAM_BUFFERS_stride, SPA_POD_Int(camera->width * 2));
    params[1] = spa_pod_builder_add_object(&builder, SPA_TYPE_OBJECT_ParamMeta, SPA_PARAM_Meta,
        SPA_PARAM_META_type, SPA_POD_Id(SPA_META_Header),
        SPA_PARAM_META_size, SPA_POD_Int(sizeof(struct spa_meta_header)));
    pw_stream_update_params(camera->stream, params, 2);
}

static const struct pw_stream_events stream_events = {
    PW_VERSION_STREAM_EVENTS,
    .process = on_process,
    .state_changed = on_state_changed,
    .param_changed = on_param_changed,
};

static int make_node(struct camera *camera)
{
    uint8_t room[1024];
    struct spa_pod_builder builder = SPA_POD_BUILDER_INIT(room, sizeof(room));
    const struct spa_pod *params[1];
    struct pw_properties *properties = pw_properties_new(
        PW_KEY_MEDIA_CLASS, "Video/Source", PW_KEY_MEDIA_ROLE, "Camera",
        PW_KEY_NODE_NAME, camera->name, PW_KEY_NODE_DESCRIPTION, camera->name,
        PW_KEY_NODE_NICK, camera->name, PW_KEY_APP_NAME, camera->name, NULL);
    camera->stream = pw_stream_new(camera->core, camera->name, properties);
    if (camera->stream == NULL)
        return -errno;
    spa_zero(camera->stream_listener);
    pw_stream_add_listener(camera->stream, &camera->stream_listener, &stream_events, camera);
    params[0] = spa_pod_builder_add_object(&builder, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat,
        SPA_FORMAT_mediaType, SPA_POD_Id(SPA_MEDIA_TYPE_video),
        SPA_FORMAT_mediaSubtype, SPA_POD_Id(SPA_MEDIA_SUBTYPE_raw),
        SPA_FORMAT_VIDEO_format, SPA_POD_Id(SPA_VIDEO_FORMAT_YUY2),
        SPA_FORMAT_VIDEO_size, SPA_POD_Rectangle(&SPA_RECTANGLE((uint32_t)camera->width, (uint32_t)camera->height)),
        SPA_FORMAT_VIDEO_framerate, SPA_POD_Fraction(&SPA_FRACTION((uint32_t)camera->fps, 1)));
    return pw_stream_connect(camera->stream, PW_DIRECTION_OUTPUT, PW_ID_ANY,
        PW_STREAM_FLAG_DRIVER | PW_STREAM_FLAG_MAP_BUFFERS, params, 1);
}

/* --- the connection --------------------------------------------------------------------------- */

static void on_core_error(void *data, uint32_t id, int seq, int res, const char *message)
{
    struct camera *camera = data;
    (void)seq;
    (void)message;
    if (id == PW_ID_CORE && res == -EPIPE) {
        camera->broken = 1;
        atomic_store(&camera->state, LOST);
    }
}

static const struct pw_core_events core_events = {
    PW_VERSION_CORE_EVENTS,
    .error = on_core_error,
};

static void drop(struct camera *camera)
{
    if (camera->stream != NULL) {
        spa_hook_remove(&camera->stream_listener);
        pw_stream_destroy(camera->stream);
    }
    if (camera->core != NULL) {
        spa_hook_remove(&camera->core_listener);
        pw_core_disconnect(camera->core);
    }
    camera->stream = NULL;
    camera->core = NULL;
    camera->broken = 0;
    atomic_store(&camera->state, LOST);
}

static int join(struct camera *camera)
{
    int result;
    camera->core = pw_context_connect(camera->context, NULL, 0);
    if (camera->core == NULL)
        return -errno;
    spa_zero(camera->core_listener);
    pw_core_add_listener(camera->core, &camera->core_listener, &core_events, camera);
    result = make_node(camera);
    if (result < 0)
        drop(camera);
    return result;
}

static void on_retry(void *data, uint64_t expirations)
{
    struct camera *camera = data;
    (void)expirations;
    if (camera->broken)
        drop(camera);
    if (camera->core == NULL)
        join(camera);
}

/* --- what Python calls ------------------------------------------------------------------------ */

void translated_camera_close(struct camera *camera)
{
    if (camera->thread != NULL) {
        pw_thread_loop_stop(camera->thread);
        drop(camera);
        if (camera->retry != NULL)
            pw_loop_destroy_source(pw_thread_loop_get_loop(camera->thread), camera->retry);
        if (camera->context != NULL)
            pw_context_destroy(camera->context);
        pw_thread_loop_destroy(camera->thread);
    }
    pthread_mutex_destroy(&camera->picture);
    free(camera->latest);
    free(camera->next);
    free(camera->name);
    free(camera);
}

static int start(struct camera *camera)
{
    struct timespec every = {0, RETRY_MS * 1000000L}, until;
    int result = 0;
    camera->thread = pw_thread_loop_new("virtual-camera", NULL);
    if (camera->thread == NULL)
        return -errno;
    camera->context = pw_context_new(pw_thread_loop_get_loop(camera->thread),
        pw_properties_new(PW_KEY_APP_NAME, camera->name, NULL), 0);
    if (camera->context == NULL)
        return -errno;
    camera->retry = pw_loop_add_timer(pw_thread_loop_get_loop(camera->thread), on_retry, camera);
    pw_loop_update_timer(pw_thread_loop_get_loop(camera->thread), camera->retry, &every, &every, false);
    if (pw_thread_loop_start(camera->thread) < 0)
        return -errno;
    pw_thread_loop_lock(camera->thread);
    result = join(camera);
    pw_thread_loop_get_time(camera->thread, &until, START_S * SPA_NSEC_PER_SEC);
    while (result >= 0 && atomic_load(&camera->state) == LOST && !camera->broken)
        result = pw_thread_loop_timed_wait_full(camera->thread, &until);
    if (result >= 0 && camera->broken)
        result = -EPIPE;
    pw_thread_loop_unlock(camera->thread);
    return result;
}

/* A camera of this name; NULL and errno when PipeWire is not there. Sizes are even. */
struct camera *translated_camera_open(const char *name, int width, int height, int fps)
{
    struct camera *camera;
    int result;
    if (width < 2 || width > WIDEST || width % 2 || height < 1 || fps < 1) {
        errno = EINVAL;
        return NULL;
    }
    camera = calloc(1, sizeof(*camera));
    if (camera == NULL)
        return NULL;
    camera->width = width;
    camera->height = height;
    camera->fps = fps;
    camera->size = (size_t)width * (size_t)height * 2;
    camera->name = strdup(name);
    camera->latest = calloc(1, camera->size);
    camera->next = calloc(1, camera->size);
    pthread_mutex_init(&camera->picture, NULL);
    pw_init(NULL, NULL);
    result = -ENOMEM;
    if (camera->name && camera->latest && camera->next) {
        for (size_t i = 0; i < camera->size; i++) /* black */
            camera->latest[i] = i % 2 ? 128 : 16;
        result = start(camera);
    }
    if (result < 0) {
        translated_camera_close(camera);
        errno = -result;
        return NULL;
    }
    return camera;
}

static int trigger(struct spa_loop *loop, bool async, uint32_t seq, const void *data, size_t size, void *user)
{
    struct camera *camera = user;
    (void)loop;
    (void)async;
    (void)seq;
    (void)data;
    (void)size;
    if (camera->stream != NULL && atomic_load(&camera->state) == READ)
        pw_stream_trigger_process(camera->stream);
    return 0;
}

/* Shows an RGB picture. While nobody reads it costs nothing. Returns the state, as below. */
int translated_camera_send(struct camera *camera, const uint8_t *rgb)
{
    int state = atomic_load(&camera->state);
    uint8_t *swap;
    if (state != READ)
        return state;
    translated_camera_convert(rgb, camera->next, camera->width, camera->height);
    pthread_mutex_lock(&camera->picture);
    swap = camera->latest;
    camera->latest = camera->next;
    camera->next = swap;
    pthread_mutex_unlock(&camera->picture);
    pw_loop_invoke(pw_thread_loop_get_loop(camera->thread), trigger, 0, NULL, 0, false, camera);
    return state;
}

/* 0: PipeWire is gone; 1: nobody reads; 2: somebody does. */
int translated_camera_state(struct camera *camera)
{
    return atomic_load(&camera->state);
}
