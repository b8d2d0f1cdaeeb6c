<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ar" sourcelanguage="en">
<context>
    <name>AboutWindow</name>
    <message>
        <source>About</source>
        <translation>حول البرنامج</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>الإصدار {0}</translation>
    </message>
    <message>
        <source>You speak your language; the meeting sees and hears you speak theirs. Everything happens on this machine. What the machine makes is marked in the picture.

Free software under the GNU General Public License, version 2 or later, without any warranty. It stands on these:</source>
        <translation>تتحدث بلغتك، ويراك الاجتماع ويسمعك تتحدث بلغته. كل شيء يجري على هذا الجهاز. وما تصنعه الآلة موسوم في الصورة.

برنامج حر بموجب رخصة جنو العمومية العامة، الإصدار 2 أو أحدث، دون أي ضمان. وهو يقوم على ما يلي:</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>الرخص</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>الجزء</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>الإصدار</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>الرخصة</translation>
    </message>
</context>
<context>
    <name>Banners</name>
    <message>
        <source>Close this notice</source>
        <translation>إغلاق هذا التنبيه</translation>
    </message>
</context>
<context>
    <name>Captions</name>
    <message>
        <source>What you said</source>
        <translation>ما قلته</translation>
    </message>
    <message>
        <source>What they hear</source>
        <translation>ما يسمعونه</translation>
    </message>
    <message>
        <source>You · {0}</source>
        <translation>أنت · {0}</translation>
    </message>
    <message>
        <source>They hear · {0}</source>
        <translation>هم يسمعون · {0}</translation>
    </message>
    <message>
        <source>What you say appears here.</source>
        <translation>يظهر هنا ما تقوله.</translation>
    </message>
    <message>
        <source>And here what the others hear.</source>
        <translation>ويظهر هنا ما يسمعه الآخرون.</translation>
    </message>
    <message>
        <source>Not translated: {0}</source>
        <translation>لم يُترجم: {0}</translation>
    </message>
    <message>
        <source>In your own voice: {0}</source>
        <translation>بصوتك أنت: {0}</translation>
    </message>
    <message>
        <source>found out as you speak</source>
        <translation>تُعرَف أثناء حديثك</translation>
    </message>
</context>
<context>
    <name>Choice</name>
    <message>
        <source>Automatic</source>
        <translation>تلقائي</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <source>My own voice now</source>
        <translation>صوتي الآن</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>كتم</translation>
    </message>
    <message>
        <source>Push to translate</source>
        <translation>اضغط للترجمة</translation>
    </message>
    <message>
        <source>Your own picture and voice, at once, and back</source>
        <translation>صورتك وصوتك فورا، ثم العودة</translation>
    </message>
    <message>
        <source>The meeting hears nothing</source>
        <translation>لا يسمع الاجتماع شيئا</translation>
    </message>
    <message>
        <source>Only what you say while holding the key is translated</source>
        <translation>لا يُترجم إلا ما تقوله أثناء الضغط على المفتاح</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>مكتوم</translation>
    </message>
    <message>
        <source>Back to translation</source>
        <translation>العودة إلى الترجمة</translation>
    </message>
    <message>
        <source>Translating…</source>
        <translation>جارٍ الترجمة…</translation>
    </message>
    <message>
        <source>Hold {0}</source>
        <translation>اضغط باستمرار {0}</translation>
    </message>
    <message>
        <source>Starting… (stop)</source>
        <translation>جارٍ البدء… (إيقاف)</translation>
    </message>
    <message>
        <source>Stop translating</source>
        <translation>إيقاف الترجمة</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>جارٍ الإيقاف…</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>بدء الترجمة</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>Others</source>
        <translation>الآخرون</translation>
    </message>
    <message>
        <source>You</source>
        <translation>أنت</translation>
    </message>
</context>
<context>
    <name>DelayCard</name>
    <message>
        <source>Delay</source>
        <translation>التأخر</translation>
    </message>
    <message>
        <source>Delay against what you allow</source>
        <translation>التأخر مقارنة بالمسموح</translation>
    </message>
    <message>
        <source>Time of each stage</source>
        <translation>زمن كل مرحلة</translation>
    </message>
    <message>
        <source>Behind you</source>
        <translation>خلفك</translation>
    </message>
    <message>
        <source>{0} of {1} s</source>
        <translation>{0} من {1} ث</translation>
    </message>
    <message>
        <source>{0} ms</source>
        <translation>{0} م‌ث</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} ث</translation>
    </message>
    <message>
        <source>Recognise</source>
        <translation>التعرف</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>الترجمة</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>النطق</translation>
    </message>
    <message>
        <source>Lips and picture</source>
        <translation>الشفاه والصورة</translation>
    </message>
    <message>
        <source>On time</source>
        <translation>في الموعد</translation>
    </message>
    <message>
        <source>Catching up: the voice speaks faster</source>
        <translation>لحاق: الصوت يتكلم أسرع</translation>
    </message>
    <message>
        <source>Catching up: fillers are left out</source>
        <translation>لحاق: تُحذف كلمات الحشو</translation>
    </message>
    <message>
        <source>Catching up: the translation is shorter</source>
        <translation>لحاق: الترجمة أقصر</translation>
    </message>
    <message>
        <source>Too late to speak: captions only</source>
        <translation>فات أوان النطق: تسميات فقط</translation>
    </message>
    <message>
        <source>The picture rests: nobody is looking.</source>
        <translation>الصورة متوقفة: لا أحد ينظر.</translation>
    </message>
    <message>
        <source>{0} pictures/s · {1} dropped · lips {2} ms from the voice</source>
        <translation>{0} صورة/ث · {1} مفقودة · الشفاه تبعد {2} م‌ث عن الصوت</translation>
    </message>
</context>
<context>
    <name>Desktop</name>
    <message>
        <source>The window changes its language when the program starts again.</source>
        <translation>تتغير لغة النافذة عند تشغيل البرنامج من جديد.</translation>
    </message>
</context>
<context>
    <name>DeviceCard</name>
    <message>
        <source>Devices</source>
        <translation>الأجهزة</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>الكاميرا</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>الميكروفون</translation>
    </message>
    <message>
        <source>To the meeting: picture</source>
        <translation>إلى الاجتماع: الصورة</translation>
    </message>
    <message>
        <source>To the meeting: voice</source>
        <translation>إلى الاجتماع: الصوت</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>قيد الاستخدام</translation>
    </message>
    <message>
        <source>nobody looks</source>
        <translation>لا أحد ينظر</translation>
    </message>
</context>
<context>
    <name>DevicePreview</name>
    <message>
        <source>No picture from the camera</source>
        <translation>لا صورة من الكاميرا</translation>
    </message>
</context>
<context>
    <name>DiagnosticsWindow</name>
    <message>
        <source>Diagnostics</source>
        <translation>التشخيص</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>السجل</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>جارٍ الكتابة…</translation>
    </message>
    <message>
        <source>Written to {0}. It holds nothing that was said.</source>
        <translation>كُتب في {0}. لا يحتوي على شيء مما قيل.</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>حفظ التقرير</translation>
    </message>
    <message>
        <source>Check-up</source>
        <translation>الفحص</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>التأخر</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>حفظ التقرير…</translation>
    </message>
</context>
<context>
    <name>FindingList</name>
    <message>
        <source>Look again</source>
        <translation>الفحص مجددا</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>جارٍ الفحص…</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>جارٍ العمل…</translation>
    </message>
    <message>
        <source>This needs the administrator&apos;s rights:

{0}

Do it?</source>
        <translation>يحتاج هذا إلى صلاحيات المدير:

{0}

هل تنفذه؟</translation>
    </message>
    <message>
        <source>Fix</source>
        <translation>إصلاح</translation>
    </message>
    <message>
        <source>Fix: {0}</source>
        <translation>إصلاح: {0}</translation>
    </message>
</context>
<context>
    <name>GuestCard</name>
    <message>
        <source>Remove</source>
        <translation>إزالة</translation>
    </message>
    <message>
        <source>Guest</source>
        <translation>ضيف</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>إزالة {0}</translation>
    </message>
    <message>
        <source>Choose a microphone</source>
        <translation>اختر ميكروفونًا</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>اكتشاف</translation>
    </message>
    <message>
        <source>The same as you</source>
        <translation>مثلك</translation>
    </message>
    <message>
        <source>The same as for you</source>
        <translation>كما هو لك</translation>
    </message>
    <message>
        <source>A woman&apos;s voice, {0}</source>
        <translation>صوت امرأة، {0}</translation>
    </message>
    <message>
        <source>A man&apos;s voice, {0}</source>
        <translation>صوت رجل، {0}</translation>
    </message>
    <message>
        <source>One of their own</source>
        <translation>صوت خاص به</translation>
    </message>
    <message>
        <source>Name in captions and transcripts</source>
        <translation>الاسم في التسميات والنص المدوّن</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>الميكروفون</translation>
    </message>
    <message>
        <source>They speak</source>
        <translation>يتكلم</translation>
    </message>
    <message>
        <source>Others hear them in</source>
        <translation>يسمعه الآخرون بـ</translation>
    </message>
    <message>
        <source>Voice of the translation</source>
        <translation>صوت الترجمة</translation>
    </message>
    <message>
        <source>Nobody else speaks into it, and nothing else is heard.</source>
        <translation>لا يتكلم فيه أحد غيره، ولا يُستمع إلى غيره مكانه.</translation>
    </message>
    <message>
        <source>Some engines have one voice only; then all sound alike.</source>
        <translation>لبعض المحركات صوت واحد فقط؛ عندها يتشابه الجميع.</translation>
    </message>
</context>
<context>
    <name>GuestList</name>
    <message>
        <source>Add a guest</source>
        <translation>إضافة ضيف</translation>
    </message>
    <message>
        <source>Guest {0}</source>
        <translation>ضيف {0}</translation>
    </message>
    <message>
        <source>What are they called?</source>
        <translation>ما اسمه؟</translation>
    </message>
    <message>
        <source>Which microphone do they speak into?</source>
        <translation>في أي ميكروفون يتكلم؟</translation>
    </message>
    <message>
        <source>Somebody with a microphone of their own</source>
        <translation>شخص له ميكروفون خاص به</translation>
    </message>
    <message>
        <source>This pair cannot be translated with what is installed.</source>
        <translation>لا يمكن ترجمة هذا الزوج بما هو مثبت.</translation>
    </message>
</context>
<context>
    <name>GuestsPage</name>
    <message>
        <source>Each is translated beside you, and named in captions and transcripts.</source>
        <translation>يُترجم كل منهم إلى جانبك، ويُذكر اسمه في التسميات والنص المدوّن.</translation>
    </message>
    <message>
        <source>While you translate, a change takes effect at the next start.</source>
        <translation>أثناء الترجمة يسري أي تغيير عند البدء التالي.</translation>
    </message>
</context>
<context>
    <name>Guide</name>
    <message>
        <source>Welcome</source>
        <translation>مرحبا</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>رجوع</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>تخطٍّ</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>بدء الترجمة</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>التالي</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>الخطوة {0} من {1}</translation>
    </message>
    <message>
        <source>Say something: the bar should move.</source>
        <translation>قل شيئا: ينبغي أن يتحرك الشريط.</translation>
    </message>
    <message>
        <source>Camera and microphone</source>
        <translation>الكاميرا والميكروفون</translation>
    </message>
    <message>
        <source>Is this you, and does the bar move when you speak?</source>
        <translation>هل هذا أنت، وهل يتحرك الشريط عندما تتكلم؟</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>الكاميرا</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>الميكروفون</translation>
    </message>
    <message>
        <source>What the meeting needs</source>
        <translation>ما يحتاجه الاجتماع</translation>
    </message>
    <message>
        <source>Meeting programs see a camera called Translated Camera and hear a microphone called Translated Microphone. What is missing for that stands here.</source>
        <translation>ترى برامج الاجتماعات كاميرا اسمها Translated Camera وتسمع ميكروفونا اسمه Translated Microphone. وما ينقص لذلك مذكور هنا.</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>اللغات</translation>
    </message>
    <message>
        <source>You can change them at any time, also while you speak.</source>
        <translation>يمكنك تغييرها في أي وقت، حتى وأنت تتكلم.</translation>
    </message>
    <message>
        <source>Choose better models…</source>
        <translation>اختيار نماذج أفضل…</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>النماذج</translation>
    </message>
    <message>
        <source>What is built in works at once and is clumsy: simple recognition of English, simple translation, a robot&apos;s voice. Better models can be downloaded now or later.</source>
        <translation>المدمج يعمل فورا لكنه بسيط: تعرف بسيط على الإنجليزية، وترجمة بسيطة، وصوت آلي. يمكن تنزيل نماذج أفضل الآن أو لاحقا.</translation>
    </message>
    <message>
        <source>Choose Translated Camera and Translated Microphone in your meeting program.</source>
        <translation>اختر Translated Camera و Translated Microphone في برنامج الاجتماعات.</translation>
    </message>
    <message>
        <source>Something is wrong? {0} shows your own picture and voice at once.</source>
        <translation>هل هناك خطأ؟ {0} يُظهر صورتك وصوتك فورا.</translation>
    </message>
    <message>
        <source>Headphones keep the microphone from hearing the translation.</source>
        <translation>السماعات تمنع الميكروفون من سماع الترجمة.</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>جاهز</translation>
    </message>
    <message>
        <source>Three things to know:</source>
        <translation>ثلاثة أمور يحسن معرفتها:</translation>
    </message>
    <message>
        <source>I hear you.</source>
        <translation>أسمعك.</translation>
    </message>
</context>
<context>
    <name>LanguageCard</name>
    <message>
        <source>Language you speak</source>
        <translation>اللغة التي تتحدثها</translation>
    </message>
    <message>
        <source>Language they hear</source>
        <translation>اللغة التي يسمعونها</translation>
    </message>
    <message>
        <source>Swap the languages</source>
        <translation>تبديل اللغتين</translation>
    </message>
    <message>
        <source>When I speak theirs, pass my own voice on</source>
        <translation>عندما أتحدث لغتهم، مرّر صوتي كما هو</translation>
    </message>
    <message>
        <source>The other direction cannot be translated with what is installed.</source>
        <translation>لا يمكن ترجمة الاتجاه الآخر بما هو مثبت.</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>اكتشاف</translation>
    </message>
    <message>
        <source>You speak their language: your own voice is passed on.</source>
        <translation>أنت تتحدث لغتهم: يُمرَّر صوتك كما هو.</translation>
    </message>
    <message>
        <source>You speak {0}.</source>
        <translation>أنت تتحدث {0}.</translation>
    </message>
    <message>
        <source>They speak your language already: your own voice is passed on.</source>
        <translation>إنهم يتحدثون لغتك أصلا: يُمرَّر صوتك كما هو.</translation>
    </message>
    <message>
        <source>This pair cannot be translated with what is installed.</source>
        <translation>لا يمكن ترجمة هذا الزوج بما هو مثبت.</translation>
    </message>
    <message>
        <source>I speak</source>
        <translation>أتحدث</translation>
    </message>
    <message>
        <source>They hear</source>
        <translation>يسمعون</translation>
    </message>
</context>
<context>
    <name>LatencyPlot</name>
    <message>
        <source>Delay over the last minutes</source>
        <translation>التأخر في الدقائق الأخيرة</translation>
    </message>
    <message>
        <source>Preparing the plot…</source>
        <translation>جارٍ تحضير الرسم…</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>ثوان</translation>
    </message>
    <message>
        <source>minutes ago</source>
        <translation>دقائق مضت</translation>
    </message>
    <message>
        <source>Behind you</source>
        <translation>خلفك</translation>
    </message>
    <message>
        <source>Recognise</source>
        <translation>التعرف</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>الترجمة</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>النطق</translation>
    </message>
    <message>
        <source>Lips and picture</source>
        <translation>الشفاه والصورة</translation>
    </message>
</context>
<context>
    <name>LineTable</name>
    <message>
        <source>Time</source>
        <translation>الوقت</translation>
    </message>
    <message>
        <source>You said</source>
        <translation>قلت</translation>
    </message>
    <message>
        <source>They heard</source>
        <translation>سمعوا</translation>
    </message>
    <message>
        <source>Not translated: {0}</source>
        <translation>لم يُترجم: {0}</translation>
    </message>
</context>
<context>
    <name>Lines</name>
    <message>
        <source>word = translation</source>
        <translation>كلمة = ترجمة</translation>
    </message>
    <message>
        <source>one a line</source>
        <translation>واحدة في كل سطر</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Transcript</source>
        <translation>النص المدوّن</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>More</source>
        <translation>المزيد</translation>
    </message>
    <message>
        <source>What they see</source>
        <translation>ما يرونه</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>جنبا إلى جنب</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>مسح</translation>
    </message>
    <message>
        <source>Opening camera and microphone…</source>
        <translation>جارٍ فتح الكاميرا والميكروفون…</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>مكتوم</translation>
    </message>
    <message>
        <source>Passing your own voice on</source>
        <translation>يُمرَّر صوتك كما هو</translation>
    </message>
    <message>
        <source>Loading models…</source>
        <translation>جارٍ تحميل النماذج…</translation>
    </message>
    <message>
        <source>Translating</source>
        <translation>جارٍ الترجمة</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>جارٍ الإيقاف…</translation>
    </message>
    <message>
        <source>Could not start</source>
        <translation>تعذر البدء</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>جاهز</translation>
    </message>
    <message>
        <source>What helps?</source>
        <translation>ما الحل؟</translation>
    </message>
    <message>
        <source>The microphone hears the translation. Headphones help.</source>
        <translation>الميكروفون يسمع الترجمة. السماعات تساعد.</translation>
    </message>
    <message>
        <source>Some changes take effect when the translation starts anew.</source>
        <translation>تسري بعض التغييرات عند بدء الترجمة من جديد.</translation>
    </message>
    <message>
        <source>Start anew now</source>
        <translation>البدء من جديد الآن</translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>Microphone level</source>
        <translation>مستوى الميكروفون</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>كلام</translation>
    </message>
    <message>
        <source>Silence {0} of {1} s</source>
        <translation>صمت {0} من {1} ث</translation>
    </message>
    <message>
        <source>Silence</source>
        <translation>صمت</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Progress of {0}</source>
        <translation>تقدم {0}</translation>
    </message>
    <message>
        <source>Not for commercial use.</source>
        <translation>ليس للاستخدام التجاري.</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} من {1}</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>تنزيل</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>إلغاء</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>إزالة</translation>
    </message>
    <message>
        <source>here</source>
        <translation>موجود</translation>
    </message>
    <message>
        <source>to be had</source>
        <translation>متاح</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>التعرف</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>الترجمة</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>الصوت</translation>
    </message>
    <message>
        <source>Sentence end</source>
        <translation>نهاية الجملة</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>الشفاه</translation>
    </message>
</context>
<context>
    <name>ModelWindow</name>
    <message>
        <source>Models</source>
        <translation>النماذج</translation>
    </message>
    <message>
        <source>What is built in works without any of these. Better models are downloaded only when you ask for them; nothing you say leaves this machine.</source>
        <translation>المدمج يعمل دون أي من هذه. لا تُنزَّل نماذج أفضل إلا عندما تطلب ذلك؛ ولا يغادر هذا الجهاز شيء مما تقوله.</translation>
    </message>
    <message>
        <source>Import from disk…</source>
        <translation>استيراد من القرص…</translation>
    </message>
    <message>
        <source>This installation has no catalogue of models.</source>
        <translation>لا يحتوي هذا التثبيت على قائمة نماذج.</translation>
    </message>
    <message>
        <source>Do you accept the licence of this model?</source>
        <translation>هل تقبل رخصة هذا النموذج؟</translation>
    </message>
    <message>
        <source>{0}

Size: {1}
Licence: {2}

Download it?</source>
        <translation>{0}

الحجم: {1}
الرخصة: {2}

هل تنزله؟</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>الرخصة</translation>
    </message>
    <message>
        <source>Stopped. What came is kept and used next time.</source>
        <translation>توقف. ما وصل محفوظ ويُستخدم في المرة القادمة.</translation>
    </message>
</context>
<context>
    <name>NoiseCard</name>
    <message>
        <source>What it brings</source>
        <translation>ما الفائدة منه</translation>
    </message>
    <message>
        <source>Level before</source>
        <translation>المستوى قبل</translation>
    </message>
    <message>
        <source>Level after</source>
        <translation>المستوى بعد</translation>
    </message>
    <message>
        <source>Listen to yourself (5 s)</source>
        <translation>استمع إلى نفسك (5 ث)</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>كما هو</translation>
    </message>
    <message>
        <source>Without noise</source>
        <translation>بلا ضجيج</translation>
    </message>
    <message>
        <source>Chosen above, it shows while you translate what it takes away.</source>
        <translation>إذا اختير أعلاه فإنه يُظهر أثناء الترجمة ما يزيله.</translation>
    </message>
    <message>
        <source>{0} dB are taken away at this moment.</source>
        <translation>يُزال الآن {0} ديسيبل.</translation>
    </message>
    <message>
        <source>The microphone is not open yet.</source>
        <translation>الميكروفون غير مفتوح بعد.</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>جارٍ العمل…</translation>
    </message>
    <message>
        <source>Nothing is kept away: choose above what does it.</source>
        <translation>لا يُزال شيء: اختر أعلاه ما يقوم بذلك.</translation>
    </message>
    <message>
        <source>Speak… {0}</source>
        <translation>تحدّث… {0}</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>قبل</translation>
    </message>
    <message>
        <source>After</source>
        <translation>بعد</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>First steps</source>
        <translation>الخطوات الأولى</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>النماذج</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>التشخيص</translation>
    </message>
    <message>
        <source>About</source>
        <translation>حول البرنامج</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Preview of the outgoing picture</source>
        <translation>معاينة الصورة الخارجة</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>الكاميرا</translation>
    </message>
    <message>
        <source>Meeting sees</source>
        <translation>الاجتماع يرى</translation>
    </message>
</context>
<context>
    <name>ProfilePage</name>
    <message>
        <source>Profiles</source>
        <translation>الملفات الشخصية</translation>
    </message>
    <message>
        <source>A profile holds all settings, for example those of one meeting or voice.</source>
        <translation>يحفظ الملف الشخصي جميع الإعدادات، مثل إعدادات اجتماع أو صوت.</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>استخدام</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>حفظ باسم…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>إزالة</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>استيراد…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>تصدير…</translation>
    </message>
    <message>
        <source>Name of the profile</source>
        <translation>اسم الملف الشخصي</translation>
    </message>
</context>
<context>
    <name>RungCard</name>
    <message>
        <source>Engines</source>
        <translation>المحركات</translation>
    </message>
    <message>
        <source>Chosen when you start.</source>
        <translation>تُختار عند البدء.</translation>
    </message>
    <message>
        <source>Get better models…</source>
        <translation>احصل على نماذج أفضل…</translation>
    </message>
    <message>
        <source>(basic)</source>
        <translation>(أساسي)</translation>
    </message>
    <message>
        <source>; not {0}:</source>
        <translation>؛ وليس {0}:</translation>
    </message>
    <message>
        <source>Speech or noise</source>
        <translation>كلام أم ضوضاء</translation>
    </message>
    <message>
        <source>Sentence end</source>
        <translation>نهاية الجملة</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>التعرف</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>الترجمة</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>الصوت</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>الوجه</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>الشفاه</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>الضوضاء</translation>
    </message>
</context>
<context>
    <name>SectionPage</name>
    <message>
        <source>Back to the defaults</source>
        <translation>العودة إلى الافتراضي</translation>
    </message>
    <message>
        <source>Takes effect at the next start.</source>
        <translation>يسري عند البدء التالي.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>صفحات الإعدادات</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>الملفات الشخصية</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>إغلاق</translation>
    </message>
</context>
<context>
    <name>StripCard</name>
    <message>
        <source>The last half minute</source>
        <translation>نصف الدقيقة الأخير</translation>
    </message>
    <message>
        <source>Segments: {0}, cut by loudness and pauses alone.</source>
        <translation>المقاطع: {0}، قُطعت حسب الجهارة والوقفات فقط.</translation>
    </message>
</context>
<context>
    <name>TranscriptWindow</name>
    <message>
        <source>Transcript</source>
        <translation>النص المدوّن</translation>
    </message>
    <message>
        <source>Search both languages</source>
        <translation>البحث في اللغتين</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>نُسخ.</translation>
    </message>
    <message>
        <source>Written to {0}.</source>
        <translation>كُتب في {0}.</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>تعذرت كتابة {0}: {1}.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>تصدير</translation>
    </message>
    <message>
        <source>Both languages</source>
        <translation>اللغتان</translation>
    </message>
    <message>
        <source>Your language</source>
        <translation>لغتك</translation>
    </message>
    <message>
        <source>Their language</source>
        <translation>لغتهم</translation>
    </message>
    <message>
        <source>Languages to export</source>
        <translation>اللغات المراد تصديرها</translation>
    </message>
    <message>
        <source>Form to export</source>
        <translation>صيغة التصدير</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>نسخ</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>My own voice now</source>
        <translation>صوتي الآن</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>كتم</translation>
    </message>
    <message>
        <source>They hear</source>
        <translation>يسمعون</translation>
    </message>
    <message>
        <source>Show the window</source>
        <translation>إظهار النافذة</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>إنهاء</translation>
    </message>
    <message>
        <source>Stop translating</source>
        <translation>إيقاف الترجمة</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>بدء الترجمة</translation>
    </message>
    <message>
        <source>Translating</source>
        <translation>جارٍ الترجمة</translation>
    </message>
    <message>
        <source>Passing your own voice on</source>
        <translation>يُمرَّر صوتك كما هو</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>جاهز</translation>
    </message>
</context>
<context>
    <name>VoiceCard</name>
    <message>
        <source>How loud your own voice stays</source>
        <translation>مدى ارتفاع صوتك</translation>
    </message>
    <message>
        <source>What keeps noise away</source>
        <translation>ما يُبعد الضجيج</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>الميكروفون</translation>
    </message>
    <message>
        <source>Your own voice</source>
        <translation>صوتك</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>الضجيج</translation>
    </message>
    <message>
        <source>{0} dB less</source>
        <translation>أقل بـ {0} ديسيبل</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>صامت</translation>
    </message>
    <message>
        <source>{0} dB under the translation</source>
        <translation>أخفض من الترجمة بمقدار {0} دي‌بي</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>كما هو</translation>
    </message>
</context>
<context>
    <name>_Strip</name>
    <message>
        <source>How the last half minute would be cut</source>
        <translation>كيف كان سيُقطع نصف الدقيقة الأخير</translation>
    </message>
</context>
<context>
    <name>findings</name>
    <message>
        <source>Microphone</source>
        <translation>الميكروفون</translation>
    </message>
    <message>
        <source>Microphone&apos;s sound</source>
        <translation>صوت الميكروفون</translation>
    </message>
    <message>
        <source>Guests&apos; microphones</source>
        <translation>ميكروفونات الضيوف</translation>
    </message>
    <message>
        <source>Sound server</source>
        <translation>خادم الصوت</translation>
    </message>
    <message>
        <source>Virtual microphone</source>
        <translation>الميكروفون الافتراضي</translation>
    </message>
    <message>
        <source>Default microphone</source>
        <translation>الميكروفون المبدئي</translation>
    </message>
    <message>
        <source>Default loudspeaker</source>
        <translation>مكبر الصوت المبدئي</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>الكاميرا</translation>
    </message>
    <message>
        <source>Camera permission</source>
        <translation>إذن الكاميرا</translation>
    </message>
    <message>
        <source>Busy camera</source>
        <translation>كاميرا مشغولة</translation>
    </message>
    <message>
        <source>Camera&apos;s picture</source>
        <translation>صورة الكاميرا</translation>
    </message>
    <message>
        <source>Virtual camera</source>
        <translation>الكاميرا الافتراضية</translation>
    </message>
    <message>
        <source>Virtual camera device</source>
        <translation>جهاز الكاميرا الافتراضية</translation>
    </message>
    <message>
        <source>PipeWire camera</source>
        <translation>كاميرا PipeWire</translation>
    </message>
    <message>
        <source>Camera portal</source>
        <translation>بوابة الكاميرا</translation>
    </message>
    <message>
        <source>Virtual cable</source>
        <translation>الكبل الافتراضي</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>الأذونات</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>التعرف</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>الترجمة</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>الصوت</translation>
    </message>
    <message>
        <source>Speech detection</source>
        <translation>كشف الكلام</translation>
    </message>
    <message>
        <source>Ends of sentences</source>
        <translation>نهايات الجمل</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>الوجه</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>الشفاه</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>اللغات</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>بطاقة الرسوميات</translation>
    </message>
    <message>
        <source>CUDA for recognition and translation</source>
        <translation>CUDA للتعرف والترجمة</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>المعالج</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>الذاكرة</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>القرص</translation>
    </message>
    <message>
        <source>Settings folder</source>
        <translation>مجلد الإعدادات</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>مجلد البيانات</translation>
    </message>
    <message>
        <source>Log folder</source>
        <translation>مجلد السجلات</translation>
    </message>
    <message>
        <source>Cache folder</source>
        <translation>مجلد الذاكرة المؤقتة</translation>
    </message>
    <message>
        <source>Settings file</source>
        <translation>ملف الإعدادات</translation>
    </message>
    <message>
        <source>Fonts for captions</source>
        <translation>خطوط التسميات</translation>
    </message>
    <message>
        <source>Right-to-left captions</source>
        <translation>التسميات من اليمين إلى اليسار</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>الشاشة</translation>
    </message>
    <message>
        <source>Python packages</source>
        <translation>حزم Python</translation>
    </message>
    <message>
        <source>All right</source>
        <translation>سليم</translation>
    </message>
    <message>
        <source>Hint</source>
        <translation>تنبيه</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>مشكلة</translation>
    </message>
    <message>
        <source>Check of {0}</source>
        <translation>فحص {0}</translation>
    </message>
</context>
<context>
    <name>quitting</name>
    <message>
        <source>A meeting program is using Translated Camera. If you quit, it loses picture and voice.</source>
        <translation>يستخدم برنامج اجتماعات Translated Camera. إذا أنهيت فسيفقد الصورة والصوت.</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>البقاء</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>إنهاء</translation>
    </message>
</context>
<context>
    <name>sentences</name>
    <message>
        <source>No recognition model is here.</source>
        <translation>لا يوجد هنا نموذج للتعرّف.</translation>
    </message>
    <message>
        <source>No translation model is here.</source>
        <translation>لا يوجد هنا نموذج للترجمة.</translation>
    </message>
    <message>
        <source>No voice model is here.</source>
        <translation>لا يوجد هنا نموذج للصوت.</translation>
    </message>
    <message>
        <source>No recognition model for {0} is here.</source>
        <translation>لا يوجد هنا نموذج للتعرّف على {0}.</translation>
    </message>
    <message>
        <source>No voice model for {0} is here.</source>
        <translation>لا يوجد هنا نموذج صوت لـ {0}.</translation>
    </message>
    <message>
        <source>No translation model from {0} to {1} is here, directly or through English.</source>
        <translation>لا يوجد هنا نموذج يترجم من {0} إلى {1}، لا مباشرة ولا عبر الإنجليزية.</translation>
    </message>
    <message>
        <source>See what there is with `translated-camera models list --kind {0}`, and get one with `translated-camera models pull NAME`.</source>
        <translation>احصل على واحد من «النماذج»، أو بالأمرين `translated-camera models list --kind {0}` و`translated-camera models pull NAME`.</translation>
    </message>
    <message>
        <source>Get one with `translated-camera models pull {0}`.</source>
        <translation>احصل على واحد بالأمر `translated-camera models pull {0}`.</translation>
    </message>
    <message>
        <source>The {0} models that are here need a graphics card, and there is none.</source>
        <translation>نماذج {0} الموجودة هنا تحتاج إلى بطاقة رسومات، ولا توجد واحدة.</translation>
    </message>
    <message>
        <source>pocketsphinx recognises English only, not {0}. Choose another recogniser for it.</source>
        <translation>يتعرّف pocketsphinx على الإنجليزية فقط، لا على {0}. اختر متعرّفًا آخر.</translation>
    </message>
    <message>
        <source>pocketsphinx recognises English only and finds out no other language.</source>
        <translation>يتعرّف pocketsphinx على الإنجليزية فقط ولا يكتشف لغة أخرى.</translation>
    </message>
    <message>
        <source>The {0} engine {1} needs {2}.</source>
        <translation>يحتاج المحرّك {1} ({0}) إلى {2}.</translation>
    </message>
    <message>
        <source>XTTS needs a graphics card: on a processor it takes twice as long as it speaks.</source>
        <translation>يحتاج XTTS إلى بطاقة رسومات: على المعالج يستغرق ضعف مدة كلامه.</translation>
    </message>
    <message>
        <source>Wav2Lip needs a checkpoint, which this program does not bring along. Put yours into {0} as wav2lip.pth or wav2lip.onnx. Its licence allows non-commercial use only.</source>
        <translation>يحتاج Wav2Lip إلى أوزان لا تأتي مع هذا البرنامج. ضع أوزانك في {0} باسم wav2lip.pth أو wav2lip.onnx. رخصتها تسمح بالاستخدام غير التجاري فقط.</translation>
    </message>
    <message>
        <source>A part of the program has failed; it is being started again.</source>
        <translation>تعطّل جزء من البرنامج، وتجري إعادة تشغيله.</translation>
    </message>
    <message>
        <source>You are heard as you are: {0}</source>
        <translation>تُسمَع كما أنت: {0}</translation>
    </message>
    <message>
        <source>No recogniser here finds out which language is spoken. Choose your language.</source>
        <translation>لا يوجد هنا متعرّف يكتشف اللغة المنطوقة. اختر لغتك.</translation>
    </message>
    <message>
        <source>Your own voice is not passed on by itself: the recogniser at work does not find out which language is spoken.</source>
        <translation>لا يُمرَّر صوتك تلقائيًا: المتعرّف العامل لا يكتشف اللغة المنطوقة.</translation>
    </message>
    <message>
        <source>Finding out which language is spoken needs a Whisper model for many languages. Get one under Models.</source>
        <translation>اكتشاف اللغة المنطوقة يحتاج إلى نموذج Whisper متعدد اللغات. احصل عليه من «النماذج».</translation>
    </message>
    <message>
        <source>Nothing here translates {0} into {1}.</source>
        <translation>لا شيء هنا يترجم {0} إلى {1}.</translation>
    </message>
    <message>
        <source>the voice was too far behind</source>
        <translation>كان الصوت متأخرًا جدًا</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged or has stopped.</source>
        <translation>فُصلت الكاميرا {0} أو توقفت.</translation>
    </message>
    <message>
        <source>The camera {0} is used by {1}; close it there.</source>
        <translation>الكاميرا {0} يستخدمها {1}؛ أغلقها هناك.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged.</source>
        <translation>فُصل الميكروفون {0}.</translation>
    </message>
    <message>
        <source>The microphone {0} gives nothing but silence. Is it muted, or is this program not allowed to listen?</source>
        <translation>الميكروفون {0} لا يعطي إلا الصمت. هل هو مكتوم، أم لا يُسمح لهذا البرنامج بالاستماع؟</translation>
    </message>
    <message>
        <source>The microphone {0} is too loud and distorts: turn its level down.</source>
        <translation>الميكروفون {0} مرتفع جدًا ويشوّه الصوت: اخفض مستواه.</translation>
    </message>
    <message>
        <source>The virtual camera is switched off.</source>
        <translation>الكاميرا الافتراضية مطفأة.</translation>
    </message>
    <message>
        <source>No program can see “{0}”, there is the preview only.</source>
        <translation>لا يستطيع أي برنامج رؤية «{0}»، توجد المعاينة فقط.</translation>
    </message>
    <message>
        <source>There is no v4l2loopback device. Install v4l2loopback-dkms; {0}.</source>
        <translation>لا يوجد جهاز v4l2loopback. ثبّت v4l2loopback-dkms؛ {0}.</translation>
    </message>
    <message>
        <source>PipeWire is not running for this user. Start it: systemctl --user start pipewire</source>
        <translation>PipeWire لا يعمل لهذا المستخدم. شغّله: systemctl --user start pipewire</translation>
    </message>
    <message>
        <source>The sound server does not answer.</source>
        <translation>خادم الصوت لا يجيب.</translation>
    </message>
    <message>
        <source>The sound server is gone, and with it the virtual microphone.</source>
        <translation>اختفى خادم الصوت ومعه الميكروفون الافتراضي.</translation>
    </message>
    <message>
        <source>The shortcuts work in our own windows only. In the desktop&apos;s keyboard settings you can bind keys to: translated-camera tell panic</source>
        <translation>تعمل الاختصارات في نوافذنا فقط. يمكنك في إعدادات لوحة المفاتيح لسطح المكتب ربط مفاتيح بالأمر: translated-camera tell panic</translation>
    </message>
    <message>
        <source>macOS gives keys everywhere only to programs that may watch everything that is typed, which this one does not ask for. The shortcuts work in our own windows; the icon in the menu bar has them too.</source>
        <translation>لا يعطي macOS المفاتيح في كل مكان إلا للبرامج التي يُسمح لها بمراقبة كل ما يُكتب، وهذا البرنامج لا يطلب ذلك. تعمل الاختصارات في نوافذنا، وهي أيضًا في أيقونة شريط القوائم.</translation>
    </message>
    <message>
        <source>This desktop offers no shortcuts to programs (its portal has no GlobalShortcuts).</source>
        <translation>لا يمنح سطح المكتب هذا اختصارات للبرامج (بوابته بلا GlobalShortcuts).</translation>
    </message>
    <message>
        <source>There is no session bus, so the desktop cannot be asked for shortcuts.</source>
        <translation>لا يوجد ناقل جلسة، فلا يمكن طلب الاختصارات من سطح المكتب.</translation>
    </message>
    <message>
        <source>You or the desktop declined the shortcuts; they can be given in its keyboard settings.</source>
        <translation>رفضتَ أنت أو سطح المكتب الاختصارات؛ يمكن منحها في إعدادات لوحة المفاتيح.</translation>
    </message>
    <message>
        <source>The desktop has taken the shortcuts back.</source>
        <translation>استعاد سطح المكتب الاختصارات.</translation>
    </message>
    <message>
        <source>Another program has taken {0} already.</source>
        <translation>سبق أن أخذ برنامج آخر {0}.</translation>
    </message>
    <message>
        <source>Your microphone hears the translation that is meant for you. Use headphones: else it is translated for the others.</source>
        <translation>ميكروفونك يسمع الترجمة المخصصة لك. استخدم سماعات الرأس، وإلا تُرجمت للآخرين.</translation>
    </message>
    <message>
        <source>What is played for you comes back as the others&apos; sound. It is only shown from here on; choose another output (others.output) and turn it on again.</source>
        <translation>ما يُشغَّل لك يعود على أنه صوت الآخرين. من الآن يُعرض فقط؛ اختر مخرجًا آخر (others.output) وشغّله من جديد.</translation>
    </message>
    <message>
        <source>The others cannot be translated for you.</source>
        <translation>تتعذر ترجمة الآخرين لك.</translation>
    </message>
    <message>
        <source>The others speak {0} already: nothing to translate for you.</source>
        <translation>الآخرون يتكلمون {0} أصلًا: لا شيء يُترجم لك.</translation>
    </message>
    <message>
        <source>Which language do you hear the others in? Your own is found out while you speak; set others.language (--others-to).</source>
        <translation>بأي لغة تسمع الآخرين؟ لغتك تُعرف وأنت تتكلم؛ حدّد others.language (--others-to).</translation>
    </message>
    <message>
        <source>the voice is turned off</source>
        <translation>الصوت مطفأ</translation>
    </message>
    <message>
        <source>{0} plays nothing; it is heard as soon as it does.</source>
        <translation>{0} لا يشغّل شيئًا؛ يُسمع حالما يفعل.</translation>
    </message>
    <message>
        <source>No program plays anything; it is heard as soon as one does.</source>
        <translation>لا برنامج يشغّل شيئًا؛ يُسمع حالما يفعل أحدها.</translation>
    </message>
    <message>
        <source>{0} failed ({1}); {2} goes on.</source>
        <translation>تعطّل {0} ({1})؛ يتابع {2}.</translation>
    </message>
    <message>
        <source>This machine is too busy for {0}, which takes {1} times as long as it may; {2} goes on.</source>
        <translation>هذا الجهاز مشغول أكثر مما يسمح لـ {0} الذي يستغرق {1} ضعف الوقت المسموح؛ يتابع {2}.</translation>
    </message>
    <message>
        <source>{0} does well here again and is back in place of {1}.</source>
        <translation>عاد {0} يعمل جيدًا هنا وحلّ من جديد محل {1}.</translation>
    </message>
    <message>
        <source>This machine is too busy for it at the moment.</source>
        <translation>هذا الجهاز مشغول عنه في الوقت الحالي.</translation>
    </message>
    <message>
        <source>It failed ({0}).</source>
        <translation>تعطّل ({0}).</translation>
    </message>
    <message>
        <source>CUDA was asked for (models.device), but no graphics card that has it is found; the processor works instead.</source>
        <translation>طُلب CUDA ‏(models.device)، لكن لم يُعثر على بطاقة رسومات تدعمه؛ يعمل المعالج بدلًا منها.</translation>
    </message>
    <message>
        <source>Install NVIDIA&apos;s driver with cuBLAS and cuDNN, or set models.device to auto.</source>
        <translation>ثبّت برنامج تشغيل NVIDIA مع cuBLAS وcuDNN، أو اضبط models.device على auto.</translation>
    </message>
    <message>
        <source>The process of {0} had to be started again.</source>
        <translation>لزم تشغيل عملية {0} من جديد.</translation>
    </message>
    <message>
        <source>The {0} does not answer.</source>
        <translation>{0} لا يجيب.</translation>
    </message>
    <message>
        <source>The {0} does not answer; {1} of its requests are sent to others.</source>
        <translation>{0} لا يجيب؛ أُرسل {1} من طلباته إلى غيره.</translation>
    </message>
    <message>
        <source>{0} was asked for ({1}), but no graphics card is found; the processor works instead.</source>
        <translation>طُلب {0} ({1})، لكن لم يُعثر على أي بطاقة رسوميات؛ ويعمل المعالج بدلًا منها.</translation>
    </message>
    <message>
        <source>{0} was asked for ({1}), but it is not among the graphics cards that are found; the first one works instead.</source>
        <translation>طُلب {0} ({1})، لكنه ليس بين بطاقات الرسوميات الموجودة؛ وتعمل الأولى بدلًا منه.</translation>
    </message>
    <message>
        <source>The {0} has ended; what it had is done by others.</source>
        <translation>انتهى {0}؛ ويقوم غيره بما كان لديه.</translation>
    </message>
    <message>
        <source>The {0} worker {1} on {2} has ended.</source>
        <translation>انتهى {0} worker {1} on {2}.</translation>
    </message>
    <message>
        <source>{0} segments wait.</source>
        <translation>{0} من المقاطع ينتظر.</translation>
    </message>
    <message>
        <source>No {0} worker for {1} is at {2}. Start one: {3}</source>
        <translation>لا يوجد عامل {0} للغة {1} في {2}. شغّل واحدًا: {3}</translation>
    </message>
    <message>
        <source>No {0} worker is at {1}. Start one: {2}</source>
        <translation>لا يوجد عامل {0} في {1}. شغّل واحدًا: {2}</translation>
    </message>
    <message>
        <source>Three workers have ended over it; it is not tried again.</source>
        <translation>انتهى ثلاثة عمال بسببه؛ ولن يُعاد.</translation>
    </message>
    <message>
        <source>The broker at {0} refuses this user name or password.</source>
        <translation>يرفض الوسيط في {0} اسم المستخدم هذا أو كلمة المرور.</translation>
    </message>
    <message>
        <source>The broker at {0} has no such virtual host, or not for this user.</source>
        <translation>ليس لدى الوسيط في {0} هذا المضيف الافتراضي، أو ليس لهذا المستخدم.</translation>
    </message>
    <message>
        <source>A queue at {0} was declared with other settings ({1}). Delete it there (rabbitmqctl delete_queue NAME), or use a virtual host of your own.</source>
        <translation>أُنشئ طابور في {0} بإعدادات أخرى ({1}). احذفه هناك (rabbitmqctl delete_queue NAME)، أو استخدم مضيفًا افتراضيًا خاصًا بك.</translation>
    </message>
    <message>
        <source>The broker at {0} refuses: {1}.</source>
        <translation>يرفض الوسيط في {0}: {1}.</translation>
    </message>
    <message>
        <source>The certificate of the broker at {0} is not trusted ({1}).</source>
        <translation>شهادة الوسيط في {0} غير موثوق بها ({1}).</translation>
    </message>
    <message>
        <source>What answers at {0} does not speak TLS as asked ({1}).</source>
        <translation>ما يجيب على {0} لا يتكلم TLS كما طُلب ({1}).</translation>
    </message>
    <message>
        <source>No broker answers at {0}. Is RabbitMQ running there?</source>
        <translation>لا يجيب أي وسيط في {0}. هل يعمل RabbitMQ هناك؟</translation>
    </message>
    <message>
        <source>A broker&apos;s address is written amqp://user:password@host:5672/.</source>
        <translation>يُكتب عنوان الوسيط هكذا: amqp://user:password@host:5672/.</translation>
    </message>
    <message>
        <source>Which broker? Name it: --broker amqp://user:password@host/, the setting placement.broker, or the variable {0}.</source>
        <translation>أي وسيط؟ سمِّه: --broker amqp://user:password@host/، أو الإعداد placement.broker، أو المتغيّر {0}.</translation>
    </message>
    <message>
        <source>This message is of wire version {0}; this program understands version {1}. Let the same release run at both ends.</source>
        <translation>صيغة هذه الرسالة {0}؛ وهذا البرنامج يفهم الصيغة {1}. شغّل الإصدار نفسه في الطرفين.</translation>
    </message>
    <message>
        <source>A message of {0} MB is too large to be sent.</source>
        <translation>رسالة حجمها {0} ميغابايت أكبر من أن تُرسل.</translation>
    </message>
    <message>
        <source>The devices stay as they were.</source>
        <translation>تبقى الأجهزة كما كانت.</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged; {1} is shown until it is back.</source>
        <translation>فُصلت الكاميرا {0}؛ تُعرض {1} إلى أن تعود.</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged; there is no other.</source>
        <translation>فُصلت الكاميرا {0}؛ ولا توجد غيرها.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged; {1} is heard until it is back.</source>
        <translation>فُصل الميكروفون {0}؛ يُسمع {1} إلى أن يعود.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged; there is no other.</source>
        <translation>فُصل الميكروفون {0}؛ ولا يوجد غيره.</translation>
    </message>
    <message>
        <source>There is no camera called {0}; {1} is shown until it is there.</source>
        <translation>لا توجد كاميرا باسم {0}؛ تُعرض {1} إلى أن تظهر.</translation>
    </message>
    <message>
        <source>There is no microphone called {0}; {1} is heard until it is there.</source>
        <translation>لا يوجد ميكروفون باسم {0}؛ يُسمع {1} إلى أن يظهر.</translation>
    </message>
    <message>
        <source>There is no microphone called {0}.</source>
        <translation>لا يوجد ميكروفون باسم {0}.</translation>
    </message>
    <message>
        <source>There is no camera.</source>
        <translation>لا توجد كاميرا.</translation>
    </message>
    <message>
        <source>There is no microphone.</source>
        <translation>لا يوجد ميكروفون.</translation>
    </message>
    <message>
        <source>Plug it in, or choose another one for the guest in the settings.</source>
        <translation>صِله، أو اختر للضيف غيره في الإعدادات.</translation>
    </message>
    <message>
        <source>{0} speaks {1} already: nothing to translate.</source>
        <translation>‏{0} يتكلم {1} أصلًا: لا شيء يُترجم.</translation>
    </message>
    <message>
        <source>{0} needs a microphone that nobody else speaks into.</source>
        <translation>‏{0} يحتاج إلى ميكروفون لا يتكلم فيه أحد غيره.</translation>
    </message>
    <message>
        <source>{0} cannot be a name here: leave out the equals sign.</source>
        <translation>لا يصلح {0} اسمًا هنا: احذف علامة المساواة.</translation>
    </message>
    <message>
        <source>Each further speaker needs a name of their own.</source>
        <translation>لكل متكلم آخر اسم خاص به.</translation>
    </message>
    <message>
        <source>{0} is what everybody at the far end is called: choose another name.</source>
        <translation>‏{0} اسم لكل من في الطرف الآخر: اختر اسمًا غيره.</translation>
    </message>
    <message>
        <source>A further speaker is written {0}.</source>
        <translation>يُكتب المتكلم الإضافي هكذا: {0}.</translation>
    </message>
    <message>
        <source>It says {0} twice.</source>
        <translation>يرد فيه {0} مرتين.</translation>
    </message>
    <message>
        <source>There is no such language. Give a code such as &quot;en&quot; or a name such as &quot;English&quot;.</source>
        <translation>لا توجد لغة كهذه. اكتب رمزًا مثل «en» أو اسمًا مثل «English».</translation>
    </message>
    <message>
        <source>Translated Camera is running already (process {0}); one session at a time can feed the virtual devices. End it first.</source>
        <translation>يعمل Translated Camera بالفعل (العملية {0})؛ لا يمكن أن تغذي الأجهزة الافتراضية إلا جلسة واحدة في كل مرة. أنهِها أولًا.</translation>
    </message>
    <message>
        <source>Process {0} of an earlier session does not end; end it by hand.</source>
        <translation>العملية {0} من جلسة سابقة لا تنتهي؛ أنهِها يدويًا.</translation>
    </message>
    <message>
        <source>The settings cannot be written to {0}: {1}.</source>
        <translation>تتعذر كتابة الإعدادات في {0}: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>تتعذر كتابة {0}: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>تتعذر قراءة {0}: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be a profile&apos;s name; use letters and digits.</source>
        <translation>‏{0} لا يصلح اسمًا لملف شخصي؛ استخدم حروفًا وأرقامًا.</translation>
    </message>
    <message>
        <source>At most {0} further speakers can be heard.</source>
        <translation>يمكن سماع {0} متكلمين آخرين على الأكثر.</translation>
    </message>
    <message>
        <source>The settings take {0} in place of one.</source>
        <translation>تستخدم الإعدادات {0} بدلًا منه.</translation>
    </message>
    <message>
        <source>There is no microphone. Plug one in.</source>
        <translation>لا يوجد ميكروفون. صِل واحدًا.</translation>
    </message>
    <message>
        <source>{0} is taken meanwhile.</source>
        <translation>يُستخدم {0} في هذه الأثناء.</translation>
    </message>
    <message>
        <source>{0} is taken.</source>
        <translation>يُستخدم {0}.</translation>
    </message>
    <message>
        <source>There are {0} to choose from.</source>
        <translation>يوجد {0} للاختيار منها.</translation>
    </message>
    <message>
        <source>{0} is muted.</source>
        <translation>{0} مكتوم.</translation>
    </message>
    <message>
        <source>{0} is heard.</source>
        <translation>{0} مسموع.</translation>
    </message>
    <message>
        <source>{0} gives nothing but silence. Is it switched off, or is this program not allowed to listen?</source>
        <translation>لا يعطي {0} إلا الصمت. هل هو مطفأ، أم أن هذا البرنامج غير مسموح له بالاستماع؟</translation>
    </message>
    <message>
        <source>{0} is as loud as can be, so it distorts: turn its level down.</source>
        <translation>{0} في أعلى مستوى فيشوِّش الصوت: اخفض مستواه.</translation>
    </message>
    <message>
        <source>There is sound.</source>
        <translation>يوجد صوت.</translation>
    </message>
    <message>
        <source>There is no camera that this user may use.</source>
        <translation>لا توجد كاميرا يحق لهذا المستخدم استعمالها.</translation>
    </message>
    <message>
        <source>Meetings hear the translation and see a slate with a text.</source>
        <translation>تسمع الاجتماعات الترجمة وترى لوحة عليها نص.</translation>
    </message>
    <message>
        <source>This user may not use {0}.</source>
        <translation>لا يحق لهذا المستخدم استعمال {0}.</translation>
    </message>
    <message>
        <source>The group {0} has been joined already: log out and in again.</source>
        <translation>تم الانضمام إلى المجموعة {0} بالفعل: سجّل الخروج ثم ادخل من جديد.</translation>
    </message>
    <message>
        <source>Log out and in again.</source>
        <translation>سجّل الخروج ثم ادخل من جديد.</translation>
    </message>
    <message>
        <source>Start the machine anew.</source>
        <translation>أعد تشغيل الجهاز.</translation>
    </message>
    <message>
        <source>{0} is open in {1}. Most cameras serve one program at a time: if no picture comes, end that program.</source>
        <translation>{0} مفتوحة في {1}. معظم الكاميرات تخدم برنامجًا واحدًا في كل مرة: إن لم تظهر صورة فأغلق ذلك البرنامج.</translation>
    </message>
    <message>
        <source>{0} at {1} pictures a second.</source>
        <translation>{0} بمعدل {1} صورة في الثانية.</translation>
    </message>
    <message>
        <source>Its best is {0} at {1} pictures a second: the picture will jerk.</source>
        <translation>أفضل ما لديها {0} بمعدل {1} صورة في الثانية: ستتقطع الصورة.</translation>
    </message>
    <message>
        <source>Its best is {0} at {1} pictures a second: the picture will be coarse.</source>
        <translation>أفضل ما لديها {0} بمعدل {1} صورة في الثانية: ستكون الصورة خشنة.</translation>
    </message>
    <message>
        <source>Workers behind the broker do it: `translated-camera worker` starts one.</source>
        <translation>يقوم بذلك عمّال خلف الوسيط: `translated-camera worker` يشغّل واحدًا.</translation>
    </message>
    <message>
        <source>Switched off in the settings.</source>
        <translation>مطفأ في الإعدادات.</translation>
    </message>
    <message>
        <source>It is switched off in the settings.</source>
        <translation>إنه مطفأ في الإعدادات.</translation>
    </message>
    <message>
        <source>Until then the picture passes as it is: `--lips off`.</source>
        <translation>حتى ذلك الحين تمر الصورة كما هي: `--lips off`.</translation>
    </message>
    <message>
        <source>{0} may not be written by this user.</source>
        <translation>لا يحق لهذا المستخدم الكتابة في {0}.</translation>
    </message>
    <message>
        <source>{0} is in the way of the folder {1}: it is a file.</source>
        <translation>يقف {0} في طريق المجلد {1}: فهو ملف.</translation>
    </message>
    <message>
        <source>(made when needed)</source>
        <translation>(يُنشأ عند الحاجة)</translation>
    </message>
    <message>
        <source>there is none yet; everything is as it comes</source>
        <translation>لا يوجد بعد؛ كل شيء كما هو في الأصل</translation>
    </message>
    <message>
        <source>(the default is used)</source>
        <translation>(تُستخدم القيمة المبدئية)</translation>
    </message>
    <message>
        <source>(it is left out)</source>
        <translation>(يُستبعد)</translation>
    </message>
    <message>
        <source>All are there: {0}.</source>
        <translation>كلها موجودة: {0}.</translation>
    </message>
    <message>
        <source>A guest speaks {0} already: nothing to translate.</source>
        <translation>أحد الضيوف يتكلم {0} أصلًا: لا شيء يُترجم.</translation>
    </message>
    <message>
        <source>A guest needs a microphone that nobody else speaks into.</source>
        <translation>أحد الضيوف يحتاج إلى ميكروفون لا يتكلم فيه أحد غيره.</translation>
    </message>
    <message>
        <source>A guest is to be heard from a file that is not there: choose another one in the settings.</source>
        <translation>أحد الضيوف يُفترض أن يُسمع من ملف غير موجود: اختر غيره في الإعدادات.</translation>
    </message>
    <message>
        <source>No font here has the letters of {0}.</source>
        <translation>لا يوجد هنا خط فيه حروف: {0}.</translation>
    </message>
    <message>
        <source>There are fonts for both languages.</source>
        <translation>توجد خطوط للغتين.</translation>
    </message>
    <message>
        <source>What lays out right-to-left text is missing: its letters stand apart, or reversed.</source>
        <translation>ينقص ما يرتب النص من اليمين إلى اليسار: تظهر حروفه متفرقة أو معكوسة.</translation>
    </message>
    <message>
        <source>There is none of NVIDIA&apos;s; everything is computed on the processor.</source>
        <translation>لا توجد بطاقة من NVIDIA؛ كل شيء يُحسب على المعالج.</translation>
    </message>
    <message>
        <source>There is one of NVIDIA&apos;s, but its driver does not answer; the processor is used.</source>
        <translation>توجد بطاقة من NVIDIA لكن مشغّلها لا يجيب؛ يُستخدم المعالج.</translation>
    </message>
    <message>
        <source>CTranslate2 computes on the card.</source>
        <translation>يحسب CTranslate2 على البطاقة.</translation>
    </message>
    <message>
        <source>CTranslate2 finds no card it can compute on: cuBLAS or cuDNN is missing.</source>
        <translation>لا يجد CTranslate2 بطاقة يحسب عليها: ينقص cuBLAS أو cuDNN.</translation>
    </message>
    <message>
        <source>Not installed; lips are drawn without it, more slowly.</source>
        <translation>غير مثبت؛ تُرسم الشفاه بدونه بسرعة أقل.</translation>
    </message>
    <message>
        <source>Not installed; what needs it is left out.</source>
        <translation>غير مثبت؛ يُترك ما يحتاج إليه.</translation>
    </message>
    <message>
        <source>{0} with CUDA {1}</source>
        <translation>{0} مع CUDA {1}</translation>
    </message>
    <message>
        <source>{0} computes on the processor only: built without CUDA, or the driver is too old.</source>
        <translation>يحسب {0} على المعالج فقط: بُني بدون CUDA أو المشغّل قديم جدًا.</translation>
    </message>
    <message>
        <source>It cannot be loaded: {0}</source>
        <translation>لا يمكن تحميله: {0}</translation>
    </message>
    <message>
        <source>It could not be looked at: {0}</source>
        <translation>تعذر النظر فيه: {0}</translation>
    </message>
    <message>
        <source>The language is found out as you speak.</source>
        <translation>تُكتشف اللغة أثناء كلامك.</translation>
    </message>
    <message>
        <source>Translated are: {0}.</source>
        <translation>تُترجم: {0}.</translation>
    </message>
    <message>
        <source>Nothing is here that translates from {0} into what a voice can speak.</source>
        <translation>لا يوجد هنا ما يترجم من {0} إلى ما يمكن لصوت أن ينطقه.</translation>
    </message>
    <message>
        <source>From {0}: {1}.</source>
        <translation>من {0}: {1}.</translation>
    </message>
    <message>
        <source>The kernel module is loaded{0}.</source>
        <translation>وحدة النواة محمّلة{0}.</translation>
    </message>
    <message>
        <source>PipeWire&apos;s camera stands in, which fewer programs see.</source>
        <translation>تحل محلها كاميرا PipeWire التي تراها برامج أقل.</translation>
    </message>
    <message>
        <source>The kernel module is installed and not loaded.</source>
        <translation>وحدة النواة مثبتة وغير محمّلة.</translation>
    </message>
    <message>
        <source>This system has no kernel modules of its own (a container?): load it on the host.</source>
        <translation>ليس لهذا النظام وحدات نواة خاصة به (حاوية؟): حمّلها على المضيف.</translation>
    </message>
    <message>
        <source>The kernel module is not installed, which makes the camera for programs.</source>
        <translation>وحدة النواة التي تصنع الكاميرا للبرامج غير مثبتة.</translation>
    </message>
    <message>
        <source>{0} may not be opened by this user; see the permissions.</source>
        <translation>لا يحق لهذا المستخدم فتح {0}؛ انظر الأذونات.</translation>
    </message>
    <message>
        <source>No device is called “{0}”.</source>
        <translation>لا يوجد جهاز باسم «{0}».</translation>
    </message>
    <message>
        <source>There is {0}; the setting devices.virtual_camera can name one by its path.</source>
        <translation>يوجد {0}؛ يمكن للإعداد devices.virtual_camera تسمية واحد بمساره.</translation>
    </message>
    <message>
        <source>It is on, as Chromium needs it.</source>
        <translation>مفعّل كما يحتاجه Chromium.</translation>
    </message>
    <message>
        <source>It is off: Chromium and what is made of it never list the camera.</source>
        <translation>معطّل: لا يعرض Chromium وما بُني عليه الكاميرا أبدًا.</translation>
    </message>
    <message>
        <source>A session of this program feeds {0}.</source>
        <translation>جلسة من هذا البرنامج تغذي {0}.</translation>
    </message>
    <message>
        <source>{0} is fed by {1} at this moment; one program can at a time.</source>
        <translation>يغذي {1} الجهاز {0} الآن؛ برنامج واحد فقط يستطيع ذلك في كل مرة.</translation>
    </message>
    <message>
        <source>{0} takes no pictures while {1} holds it. End that program.</source>
        <translation>لا يأخذ {0} صورًا ما دام {1} يمسكه. أغلق ذلك البرنامج.</translation>
    </message>
    <message>
        <source>{0} takes no pictures since its last writer died; the next session cures that.</source>
        <translation>لا يأخذ {0} صورًا منذ مات آخر من كتب فيه؛ الجلسة التالية تصلح ذلك.</translation>
    </message>
    <message>
        <source>{0} takes pictures again.</source>
        <translation>يأخذ {0} صورًا من جديد.</translation>
    </message>
    <message>
        <source>{0} holds {1} at {2}. Switch the camera off there, and on again later.</source>
        <translation>يمسك {0} الجهاز {1} عند {2}. أطفئ الكاميرا هناك ثم شغّلها لاحقًا.</translation>
    </message>
    <message>
        <source>“{0}” ({1}) takes pictures.</source>
        <translation>يأخذ «{0}» ({1}) صورًا.</translation>
    </message>
    <message>
        <source>They are those that were tried.</source>
        <translation>هي التي جُرّبت.</translation>
    </message>
    <message>
        <source>All there.</source>
        <translation>كلها موجودة.</translation>
    </message>
    <message>
        <source>Missing: {0}.</source>
        <translation>ينقص: {0}.</translation>
    </message>
    <message>
        <source>Other than tried: {0}.</source>
        <translation>غير ما جُرّب: {0}.</translation>
    </message>
    <message>
        <source>It is compiled.</source>
        <translation>مُصرَّفة.</translation>
    </message>
    <message>
        <source>The small library that makes the camera is not compiled.</source>
        <translation>المكتبة الصغيرة التي تصنع الكاميرا غير مُصرَّفة.</translation>
    </message>
    <message>
        <source>The PipeWire camera is compiled.</source>
        <translation>كاميرا PipeWire مُصرَّفة.</translation>
    </message>
    <message>
        <source>What compiles the small library that makes the camera is not installed.</source>
        <translation>ما يُصرّف المكتبة الصغيرة التي تصنع الكاميرا غير مثبت.</translation>
    </message>
    <message>
        <source>It is running.</source>
        <translation>إنه يعمل.</translation>
    </message>
    <message>
        <source>PipeWire is installed and does not run for this user.</source>
        <translation>إن PipeWire مثبت ولا يعمل لهذا المستخدم.</translation>
    </message>
    <message>
        <source>PipeWire is not installed; without it and without v4l2loopback there is no camera.</source>
        <translation>إن PipeWire غير مثبت؛ بدونه وبدون v4l2loopback لا توجد كاميرا.</translation>
    </message>
    <message>
        <source>There is no D-Bus session, so no portal: browsers cannot be given the camera.</source>
        <translation>لا توجد جلسة D-Bus فلا بوابة: لا يمكن إعطاء الكاميرا للمتصفحات.</translation>
    </message>
    <message>
        <source>It is there (version {0}).</source>
        <translation>موجودة (الإصدار {0}).</translation>
    </message>
    <message>
        <source>xdg-desktop-portal is not installed: browsers cannot be given the camera.</source>
        <translation>إن xdg-desktop-portal غير مثبت: لا يمكن إعطاء الكاميرا للمتصفحات.</translation>
    </message>
    <message>
        <source>This desktop&apos;s portal offers no cameras. Install the portal of your desktop.</source>
        <translation>بوابة سطح المكتب هذا لا تقدم كاميرات. ثبّت بوابة سطح مكتبك.</translation>
    </message>
    <message>
        <source>Whether there is one cannot be told: {0}.</source>
        <translation>لا يمكن معرفة إن كانت موجودة: {0}.</translation>
    </message>
    <message>
        <source>{0} cores{1}, without AVX2: the networks run many times slower. Use the basic engines.</source>
        <translation>{0} أنوية{1} بدون AVX2: تعمل الشبكات أبطأ بأضعاف. استخدم المحركات الأساسية.</translation>
    </message>
    <message>
        <source>{0} cores{1}: with fewer than {2}, small models and lips on `own_mouth` do best.</source>
        <translation>{0} أنوية{1}: بأقل من {2} تكون النماذج الصغيرة والشفاه على `own_mouth` الأفضل.</translation>
    </message>
    <message>
        <source>{0} cores: with fewer than {1}, small models and lips on `own_mouth` do best.</source>
        <translation>{0} أنوية: بأقل من {1} تكون النماذج الصغيرة والشفاه على `own_mouth` الأفضل.</translation>
    </message>
    <message>
        <source>{0} cores{1}; without VNNI, so eight bits gain less.</source>
        <translation>{0} أنوية{1}؛ بدون VNNI فتكون فائدة البتات الثماني أقل.</translation>
    </message>
    <message>
        <source>{0} cores{1}.</source>
        <translation>{0} أنوية{1}.</translation>
    </message>
    <message>
        <source>How much there is cannot be told here.</source>
        <translation>لا يمكن معرفة مقدارها هنا.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free: too little for more than the basic engines.</source>
        <translation>{0} غيغابايت منها {1} حرة: لا تكفي لأكثر من المحركات الأساسية.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free: end what you do not need.</source>
        <translation>{0} غيغابايت منها {1} حرة: أغلق ما لا تحتاجه.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free.</source>
        <translation>{0} غيغابايت منها {1} حرة.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}): nothing more can be kept.</source>
        <translation>{0} غيغابايت حرة حيث النماذج والتسجيلات ({1}): لا يمكن حفظ المزيد.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}): too little for the larger models.</source>
        <translation>{0} غيغابايت حرة حيث النماذج والتسجيلات ({1}): لا تكفي للنماذج الأكبر.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}).</source>
        <translation>{0} غيغابايت حرة حيث النماذج والتسجيلات ({1}).</translation>
    </message>
    <message>
        <source>It is heard by {0}.</source>
        <translation>يسمعه {0}.</translation>
    </message>
    <message>
        <source>It is made when a session starts.</source>
        <translation>يُنشأ عندما تبدأ جلسة.</translation>
    </message>
    <message>
        <source>A session of this program feeds it at this moment.</source>
        <translation>جلسة من هذا البرنامج تغذيه الآن.</translation>
    </message>
    <message>
        <source>Every program hears it.</source>
        <translation>كل البرامج تسمعه.</translation>
    </message>
    <message>
        <source>It is in use: {0} plays into it.</source>
        <translation>قيد الاستعمال: {0} يشغّل الصوت فيه.</translation>
    </message>
    <message>
        <source>“{0}” is the system&apos;s default: programs that are told nothing take it.</source>
        <translation>«{0}» هو المبدئي في النظام: تأخذه البرامج التي لم يُحدد لها شيء.</translation>
    </message>
    <message>
        <source>The system&apos;s default loudspeaker is ours: what programs play goes into the meeting.</source>
        <translation>مكبر الصوت المبدئي في النظام لنا: ما تشغّله البرامج يذهب إلى الاجتماع.</translation>
    </message>
    <message>
        <source>There is no other to take its place.</source>
        <translation>لا يوجد غيره ليحل محله.</translation>
    </message>
    <message>
        <source>{0} is the default.</source>
        <translation>{0} هو المبدئي.</translation>
    </message>
    <message>
        <source>Whether it is there shows when a session starts.</source>
        <translation>يظهر وجودها عندما تبدأ جلسة.</translation>
    </message>
    <message>
        <source>{0} is there.</source>
        <translation>{0} موجود.</translation>
    </message>
    <message>
        <source>macOS asks once for camera and microphone; see System Settings, Privacy &amp; Security.</source>
        <translation>يسأل macOS مرة عن الكاميرا والميكروفون؛ انظر إعدادات النظام، الخصوصية والأمن.</translation>
    </message>
    <message>
        <source>If nothing is seen or heard: Settings, Privacy &amp; security, Camera and Microphone.</source>
        <translation>إن لم يُرَ أو يُسمع شيء: الإعدادات، الخصوصية والأمان، الكاميرا والميكروفون.</translation>
    </message>
    <message>
        <source>Done: {0}.</source>
        <translation>تم: {0}.</translation>
    </message>
    <message>
        <source>{0} cores.</source>
        <translation>{0} أنوية.</translation>
    </message>
    <message>
        <source>Start PipeWire (with pipewire-pulse) or PulseAudio.</source>
        <translation>شغّل PipeWire (مع pipewire-pulse) أو PulseAudio.</translation>
    </message>
    <message>
        <source>XTTS speaks with a speaker&apos;s own voice. Name the speaker in the setting voice.own; `translated-camera voices learn` teaches it one.</source>
        <translation>يتكلم XTTS بصوت المتحدث نفسه. سمِّ المتحدث في الإعداد voice.own؛ والأمر `translated-camera voices learn` يعلّمه صوتًا.</translation>
    </message>
    <message>
        <source>The neural turn judge needs the file {0}. Get it with `translated-camera models pull smart-turn`, or install pipecat-ai, which contains it.</source>
        <translation>يحتاج الحَكَم العصبي للأدوار إلى الملف {0}. احصل عليه بالأمر `translated-camera models pull smart-turn` أو ثبّت pipecat-ai الذي يحتويه.</translation>
    </message>
    <message>
        <source>There is no sound device named “{0}”.</source>
        <translation>لا يوجد جهاز صوت باسم «{0}».</translation>
    </message>
    <message>
        <source>Install VB-CABLE from {0}.</source>
        <translation>ثبّت VB-CABLE من {0}.</translation>
    </message>
    <message>
        <source>Install BlackHole 2ch: {0}.</source>
        <translation>ثبّت BlackHole 2ch: {0}.</translation>
    </message>
    <message>
        <source>It is UnityCapture, registered as administrator: {0}; or the virtual camera of OBS Studio.</source>
        <translation>هي UnityCapture مسجلة بصلاحية المدير: {0}؛ أو الكاميرا الافتراضية في OBS Studio.</translation>
    </message>
    <message>
        <source>It is the virtual camera of OBS Studio 30 or later, started there once and stopped.</source>
        <translation>هي الكاميرا الافتراضية في OBS Studio 30 أو أحدث، تُشغّل هناك مرة ثم توقف.</translation>
    </message>
    <message>
        <source>(basic)</source>
        <translation>(أساسي)</translation>
    </message>
    <message>
        <source>; not {0}:</source>
        <translation>؛ وليس {0}:</translation>
    </message>
    <message>
        <source>There is no camera called {0}.</source>
        <translation>لا توجد كاميرا باسم {0}.</translation>
    </message>
    <message>
        <source>There is no camera at all.</source>
        <translation>لا توجد أي كاميرا.</translation>
    </message>
    <message>
        <source>There is no microphone at all.</source>
        <translation>لا يوجد أي ميكروفون.</translation>
    </message>
    <message>
        <source>There are: {0}.</source>
        <translation>يوجد: {0}.</translation>
    </message>
    <message>
        <source>The kernel module is loaded.</source>
        <translation>وحدة النواة محمّلة.</translation>
    </message>
    <message>
        <source>there is no setting {0}; did you mean {1}?</source>
        <translation>لا يوجد إعداد {0}؛ هل المقصود {1}؟</translation>
    </message>
    <message>
        <source>there is no setting {0}; there are: {1}</source>
        <translation>لا يوجد إعداد {0}؛ الموجود: {1}</translation>
    </message>
    <message>
        <source>there is no section {0}; did you mean {1}?</source>
        <translation>لا يوجد قسم {0}؛ هل المقصود {1}؟</translation>
    </message>
    <message>
        <source>there is no section {0}</source>
        <translation>لا يوجد قسم {0}</translation>
    </message>
    <message>
        <source>{0} is {1} or more, not {2}</source>
        <translation>{0} يكون {1} أو أكثر، لا {2}</translation>
    </message>
    <message>
        <source>{0} is {1} or less, not {2}</source>
        <translation>{0} يكون {1} أو أقل، لا {2}</translation>
    </message>
    <message>
        <source>{0} is one of {1}, not {2}</source>
        <translation>{0} يكون واحدًا من {1}، لا {2}</translation>
    </message>
    <message>
        <source>{0} is true or false, not {1}</source>
        <translation>{0} يكون true أو false، لا {1}</translation>
    </message>
    <message>
        <source>{0} is a whole number, not {1}</source>
        <translation>{0} يكون عددًا صحيحًا، لا {1}</translation>
    </message>
    <message>
        <source>{0} is a number, not {1}</source>
        <translation>{0} يكون عددًا، لا {1}</translation>
    </message>
    <message>
        <source>{0} is a text in quotes</source>
        <translation>{0} يكون نصًا بين علامتي اقتباس</translation>
    </message>
    <message>
        <source>{0} is a list of texts</source>
        <translation>{0} يكون قائمة نصوص</translation>
    </message>
    <message>
        <source>{0} is a table of texts</source>
        <translation>{0} يكون جدول نصوص</translation>
    </message>
    <message>
        <source>this is not TOML: {0}</source>
        <translation>هذا ليس TOML: {0}</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Start with the desktop, without a window.</source>
        <translation>البدء مع سطح المكتب دون نافذة.</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>اكتشاف</translation>
    </message>
    <message>
        <source>The system&apos;s</source>
        <translation>حسب النظام</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>تلقائي</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>معطل</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>اللغات</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>الاستماع</translation>
    </message>
    <message>
        <source>Engines</source>
        <translation>المحركات</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>النماذج</translation>
    </message>
    <message>
        <source>Graphics cards</source>
        <translation>بطاقات الرسوميات</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>التعرف</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>الترجمة</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>التأخر</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>الكلمات</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>الصوت</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>التسميات</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>الصورة</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation>التعبير</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>الأجهزة</translation>
    </message>
    <message>
        <source>The others</source>
        <translation>الآخرون</translation>
    </message>
    <message>
        <source>Guests</source>
        <translation>الضيوف</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>النافذة</translation>
    </message>
    <message>
        <source>Where it runs</source>
        <translation>مكان التشغيل</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>الضوضاء</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>الاختصارات</translation>
    </message>
    <message>
        <source>The processor</source>
        <translation>المعالج</translation>
    </message>
    <message>
        <source>The graphics card</source>
        <translation>بطاقة الرسوم</translation>
    </message>
    <message>
        <source>As for all</source>
        <translation>كما للجميع</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>صامت</translation>
    </message>
    <message>
        <source>Noise suppressor</source>
        <translation>مخفف الضوضاء</translation>
    </message>
    <message>
        <source>By your lips</source>
        <translation>حسب شفتيك</translation>
    </message>
    <message>
        <source>Softly under the translation</source>
        <translation>خافت تحت الترجمة</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>كما هو</translation>
    </message>
    <message>
        <source>Both languages</source>
        <translation>اللغتان</translation>
    </message>
    <message>
        <source>Your language</source>
        <translation>لغتك</translation>
    </message>
    <message>
        <source>Their language</source>
        <translation>لغتهم</translation>
    </message>
    <message>
        <source>At the bottom</source>
        <translation>في الأسفل</translation>
    </message>
    <message>
        <source>At the top</source>
        <translation>في الأعلى</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>مباشر</translation>
    </message>
    <message>
        <source>Dubbed</source>
        <translation>مدبلج</translation>
    </message>
    <message>
        <source>In this program</source>
        <translation>في هذا البرنامج</translation>
    </message>
    <message>
        <source>In a process of its own</source>
        <translation>في عملية مستقلة</translation>
    </message>
    <message>
        <source>On another machine</source>
        <translation>على جهاز آخر</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>فاتح</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>داكن</translation>
    </message>
    <message>
        <source>The language you speak.</source>
        <translation>اللغة التي تتحدثها.</translation>
    </message>
    <message>
        <source>The language the others hear.</source>
        <translation>اللغة التي يسمعها الآخرون.</translation>
    </message>
    <message>
        <source>When you speak the others&apos; language, pass your own voice on; needs Whisper.</source>
        <translation>عندما تتحدث لغة الآخرين، يُمرَّر صوتك كما هو؛ يحتاج إلى Whisper.</translation>
    </message>
    <message>
        <source>Seconds of silence that end a segment.</source>
        <translation>ثواني الصمت التي تنهي المقطع.</translation>
    </message>
    <message>
        <source>How far below your voice&apos;s peak silence begins, in dB.</source>
        <translation>كم تحت ذروة صوتك يبدأ الصمت، بالدي‌بي.</translation>
    </message>
    <message>
        <source>Seconds a segment lasts at least.</source>
        <translation>أقل عدد ثوان يدومه المقطع.</translation>
    </message>
    <message>
        <source>Seconds after which a segment is cut.</source>
        <translation>الثواني التي يُقطع بعدها المقطع.</translation>
    </message>
    <message>
        <source>How surely a sentence must be over to be sent before the pause ends.</source>
        <translation>مدى التأكد من انتهاء الجملة لإرسالها قبل انتهاء الوقفة.</translation>
    </message>
    <message>
        <source>Cut at the ends of clauses when you do not pause.</source>
        <translation>القطع عند نهايات العبارات عندما لا تتوقف.</translation>
    </message>
    <message>
        <source>Seconds of speech after which a clause&apos;s end may be cut at.</source>
        <translation>ثواني الكلام التي يجوز بعدها القطع عند نهاية عبارة.</translation>
    </message>
    <message>
        <source>What keeps noise and other voices away: nothing, a noise suppressor, or your lips.</source>
        <translation>ما يبعد الضوضاء والأصوات الأخرى: لا شيء، أو مخفف ضوضاء، أو شفتاك.</translation>
    </message>
    <message>
        <source>How far that may go, 0 being not at all.</source>
        <translation>إلى أي حد يجوز ذلك، و0 يعني عدمه.</translation>
    </message>
    <message>
        <source>What tells speech from noise.</source>
        <translation>ما يميز الكلام من الضوضاء.</translation>
    </message>
    <message>
        <source>What judges whether a sentence is over.</source>
        <translation>ما يحكم بانتهاء الجملة.</translation>
    </message>
    <message>
        <source>What recognises your words.</source>
        <translation>ما يتعرف على كلماتك.</translation>
    </message>
    <message>
        <source>What translates them.</source>
        <translation>ما يترجمها.</translation>
    </message>
    <message>
        <source>What speaks the translation.</source>
        <translation>ما ينطق الترجمة.</translation>
    </message>
    <message>
        <source>What finds your face.</source>
        <translation>ما يجد وجهك.</translation>
    </message>
    <message>
        <source>What moves your lips.</source>
        <translation>ما يحرك شفتيك.</translation>
    </message>
    <message>
        <source>Where neural networks compute: the graphics card, the processor, or what is best.</source>
        <translation>أين تُحسب الشبكات العصبية: بطاقة الرسوم أو المعالج أو الأنسب.</translation>
    </message>
    <message>
        <source>The model that recognises; empty: the best that is here.</source>
        <translation>النموذج الذي يتعرف؛ فارغ: أفضل الموجود.</translation>
    </message>
    <message>
        <source>The model that translates; empty: the best that is here.</source>
        <translation>النموذج الذي يترجم؛ فارغ: أفضل الموجود.</translation>
    </message>
    <message>
        <source>The neural voice; empty: the best that is here.</source>
        <translation>الصوت العصبي؛ فارغ: أفضل الموجود.</translation>
    </message>
    <message>
        <source>Where your words are recognised.</source>
        <translation>أين تُتعرَّف كلماتك.</translation>
    </message>
    <message>
        <source>Where the voice is made.</source>
        <translation>أين يُصنع الصوت.</translation>
    </message>
    <message>
        <source>Where your lips are drawn.</source>
        <translation>أين تُرسم شفتاك.</translation>
    </message>
    <message>
        <source>How full a card&apos;s memory may get before fewer lips are drawn at a time.</source>
        <translation>إلى أي حد قد تمتلئ ذاكرة البطاقة قبل أن تُرسم شفاه أقل في كل مرة.</translation>
    </message>
    <message>
        <source>Ways of understanding weighed up at a time.</source>
        <translation>عدد التفسيرات الموزونة في آن واحد.</translation>
    </message>
    <message>
        <source>The same, when what came out first is doubted.</source>
        <translation>الشيء نفسه عند الشك في النتيجة الأولى.</translation>
    </message>
    <message>
        <source>Hear short segments in short windows: faster, at some risk.</source>
        <translation>سماع المقاطع القصيرة في نوافذ قصيرة: أسرع مع بعض المخاطرة.</translation>
    </message>
    <message>
        <source>Sound below this is not listened to, in dB.</source>
        <translation>لا يُستمع إلى ما هو أخفض من هذا، بالدي‌بي.</translation>
    </message>
    <message>
        <source>How surely nobody speaks before an unsure text is dropped.</source>
        <translation>مدى التأكد من أن لا أحد يتكلم قبل إسقاط نص غير مؤكد.</translation>
    </message>
    <message>
        <source>How unsure a text may be before it is doubted.</source>
        <translation>مدى عدم تأكد النص قبل الشك فيه.</translation>
    </message>
    <message>
        <source>How repetitive a text may be before it is doubted.</source>
        <translation>مدى تكرار النص قبل الشك فيه.</translation>
    </message>
    <message>
        <source>How often in a row the same words are believed.</source>
        <translation>كم مرة متتالية تُصدَّق الكلمات نفسها.</translation>
    </message>
    <message>
        <source>Translations weighed up at a time.</source>
        <translation>عدد الترجمات الموزونة في آن واحد.</translation>
    </message>
    <message>
        <source>Above 1, longer translations are preferred.</source>
        <translation>فوق 1 تُفضَّل الترجمات الأطول.</translation>
    </message>
    <message>
        <source>What runs Opus-MT.</source>
        <translation>ما يشغّل Opus-MT.</translation>
    </message>
    <message>
        <source>Seconds the translation may stay behind you.</source>
        <translation>الثواني التي يجوز أن تتأخرها الترجمة عنك.</translation>
    </message>
    <message>
        <source>The fastest the voice may speak.</source>
        <translation>أقصى سرعة يتكلم بها الصوت.</translation>
    </message>
    <message>
        <source>When behind: speak faster.</source>
        <translation>عند التأخر: التكلم أسرع.</translation>
    </message>
    <message>
        <source>When further behind: leave out fillers.</source>
        <translation>عند تأخر أكبر: حذف كلمات الحشو.</translation>
    </message>
    <message>
        <source>When still further behind: translate more briefly.</source>
        <translation>عند تأخر أكبر من ذلك: ترجمة أقصر.</translation>
    </message>
    <message>
        <source>When nothing else helps: show, do not speak.</source>
        <translation>عندما لا ينفع شيء آخر: العرض دون نطق.</translation>
    </message>
    <message>
        <source>Leave out um, uh and their like.</source>
        <translation>حذف «آه» و«يعني» وأمثالهما.</translation>
    </message>
    <message>
        <source>Words and names that are never translated.</source>
        <translation>كلمات وأسماء لا تُترجم أبدا.</translation>
    </message>
    <message>
        <source>Your own translations of words and phrases.</source>
        <translation>ترجماتك الخاصة للكلمات والعبارات.</translation>
    </message>
    <message>
        <source>The voice, by the name its engine gives it; empty: its own choice.</source>
        <translation>الصوت باسمه لدى محركه؛ فارغ: اختياره.</translation>
    </message>
    <message>
        <source>The speaker whose own voice is imitated, with consent; needs XTTS.</source>
        <translation>المتحدث الذي يُحاكى صوته بموافقته؛ يحتاج إلى XTTS.</translation>
    </message>
    <message>
        <source>How fast the voice speaks, 1 being its own pace.</source>
        <translation>سرعة كلام الصوت، و1 سرعته الأصلية.</translation>
    </message>
    <message>
        <source>Your own voice: silent, softly under the translation, or as it is.</source>
        <translation>صوتك: صامت، أو خافت تحت الترجمة، أو كما هو.</translation>
    </message>
    <message>
        <source>How loud your own voice stays under the translation, in dB.</source>
        <translation>مدى ارتفاع صوتك تحت الترجمة، بالدي‌بي.</translation>
    </message>
    <message>
        <source>Show captions in the picture.</source>
        <translation>إظهار التسميات في الصورة.</translation>
    </message>
    <message>
        <source>Which captions are shown.</source>
        <translation>أي التسميات تُعرض.</translation>
    </message>
    <message>
        <source>Size of the captions, 1 being the usual one.</source>
        <translation>حجم التسميات، و1 هو المعتاد.</translation>
    </message>
    <message>
        <source>Where captions stand.</source>
        <translation>مكان التسميات.</translation>
    </message>
    <message>
        <source>Live: no delay, lips follow the voice. Dubbed: the picture waits for the voice.</source>
        <translation>مباشر: دون تأخير وتتبع الشفاه الصوت. مدبلج: تنتظر الصورة الصوت.</translation>
    </message>
    <message>
        <source>Seconds the dubbed picture waits.</source>
        <translation>ثواني انتظار الصورة المدبلجة.</translation>
    </message>
    <message>
        <source>Hold the mouth at rest while you speak and nothing is heard.</source>
        <translation>إبقاء الفم ساكنا وأنت تتكلم ولا يُسمع شيء.</translation>
    </message>
    <message>
        <source>Mark the picture as translated by a machine.</source>
        <translation>وسم الصورة بأنها مترجمة آليا.</translation>
    </message>
    <message>
        <source>Show that a translation is on its way and how long it takes.</source>
        <translation>إظهار أن ترجمة في الطريق وكم تستغرق.</translation>
    </message>
    <message>
        <source>The speaker whose learnt mouth is used.</source>
        <translation>المتحدث الذي يُستخدم فمه المتعلَّم.</translation>
    </message>
    <message>
        <source>Match the light of the drawn mouth to the picture.</source>
        <translation>مطابقة ضوء الفم المرسوم للصورة.</translation>
    </message>
    <message>
        <source>Match its sharpness.</source>
        <translation>مطابقة حدته.</translation>
    </message>
    <message>
        <source>Match its colour.</source>
        <translation>مطابقة لونه.</translation>
    </message>
    <message>
        <source>Add a smile.</source>
        <translation>إضافة ابتسامة.</translation>
    </message>
    <message>
        <source>Raise the brows.</source>
        <translation>رفع الحاجبين.</translation>
    </message>
    <message>
        <source>Open the eyes.</source>
        <translation>فتح العينين.</translation>
    </message>
    <message>
        <source>The camera, by name; empty: the system&apos;s.</source>
        <translation>الكاميرا باسمها؛ فارغ: كاميرا النظام.</translation>
    </message>
    <message>
        <source>The microphone, by name; empty: the system&apos;s.</source>
        <translation>الميكروفون باسمه؛ فارغ: ميكروفون النظام.</translation>
    </message>
    <message>
        <source>How meeting programs get the picture: auto, off, or a way by name.</source>
        <translation>كيف تحصل برامج الاجتماعات على الصورة: auto أو off أو طريقة باسمها.</translation>
    </message>
    <message>
        <source>How meeting programs get the voice: auto, off, or a device by name.</source>
        <translation>كيف تحصل برامج الاجتماعات على الصوت: auto أو off أو جهاز باسمه.</translation>
    </message>
    <message>
        <source>Translate what the others say, for you.</source>
        <translation>ترجمة ما يقوله الآخرون لك.</translation>
    </message>
    <message>
        <source>Whose sound that is: a program or a device; empty: every program&apos;s.</source>
        <translation>صوت مَن هذا: برنامج أو جهاز؛ فارغ: كل البرامج.</translation>
    </message>
    <message>
        <source>The language they speak; empty: the one they hear from you.</source>
        <translation>اللغة التي يتحدثونها؛ فارغ: التي يسمعونها منك.</translation>
    </message>
    <message>
        <source>The language you hear; empty: the one you speak.</source>
        <translation>اللغة التي تسمعها؛ فارغ: التي تتحدثها.</translation>
    </message>
    <message>
        <source>Where you hear it, by name; empty: the system&apos;s output.</source>
        <translation>أين تسمعها، بالاسم؛ فارغ: مخرج النظام.</translation>
    </message>
    <message>
        <source>Say the translation; else it is only shown.</source>
        <translation>نطق الترجمة؛ وإلا فتُعرض فقط.</translation>
    </message>
    <message>
        <source>Their own voices: softly while the translation is heard, or as they are.</source>
        <translation>أصواتهم: خافتة أثناء سماع الترجمة، أو كما هي.</translation>
    </message>
    <message>
        <source>How loud they stay under the translation, in dB.</source>
        <translation>مدى علوّها تحت الترجمة، بالديسيبل.</translation>
    </message>
    <message>
        <source>Who else speaks at this machine, each into a microphone of their own.</source>
        <translation>من يتكلم أيضًا عند هذا الجهاز، كلٌّ في ميكروفون خاص به.</translation>
    </message>
    <message>
        <source>Language of this window; auto: the system&apos;s.</source>
        <translation>لغة هذه النافذة؛ auto: لغة النظام.</translation>
    </message>
    <message>
        <source>Colours.</source>
        <translation>الألوان.</translation>
    </message>
    <message>
        <source>Go on in the notification area when the window is closed.</source>
        <translation>الاستمرار في منطقة التنبيهات عند إغلاق النافذة.</translation>
    </message>
    <message>
        <source>Start or stop the translation.</source>
        <translation>بدء الترجمة أو إيقافها.</translation>
    </message>
    <message>
        <source>Pass your own picture and voice on, at once, and back.</source>
        <translation>تمرير صورتك وصوتك فورا، ثم العودة.</translation>
    </message>
    <message>
        <source>Mute, and back.</source>
        <translation>الكتم، ثم العودة.</translation>
    </message>
    <message>
        <source>Translate while this key is held (push to translate).</source>
        <translation>الترجمة أثناء الضغط على هذا المفتاح (اضغط للترجمة).</translation>
    </message>
    <message>
        <source>Where words are recognised.</source>
        <translation>أين تُعرف الكلمات.</translation>
    </message>
    <message>
        <source>Where they are translated.</source>
        <translation>أين تُترجم.</translation>
    </message>
    <message>
        <source>Where the translation is spoken.</source>
        <translation>أين تُنطق الترجمة.</translation>
    </message>
    <message>
        <source>Where lips are drawn; with a broker, where a voice without a mouth gets one.</source>
        <translation>أين تُرسم الشفاه؛ ومع الوسيط، أين يحصل صوت بلا فم على فم.</translation>
    </message>
    <message>
        <source>The broker&apos;s address, as amqp://user:password@host/.</source>
        <translation>عنوان الوسيط، مثل amqp://user:password@host/‎.</translation>
    </message>
</context>
</TS>
