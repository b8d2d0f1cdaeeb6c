<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh" sourcelanguage="en">
<context>
    <name>AboutWindow</name>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>版本 {0}</translation>
    </message>
    <message>
        <source>You speak your language; the meeting sees and hears you speak theirs. Everything happens on this machine. What the machine makes is marked in the picture.

Free software under the GNU General Public License, version 2 or later, without any warranty. It stands on these:</source>
        <translation>您说自己的语言；会议中的人看到并听到您说他们的语言。一切都在本机上进行。机器生成的内容会在画面中标明。

本程序是自由软件，遵循 GNU 通用公共许可证第 2 版或更高版本，不提供任何担保。它建立在以下组件之上：</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>组件</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
</context>
<context>
    <name>Banners</name>
    <message>
        <source>Close this notice</source>
        <translation>关闭此通知</translation>
    </message>
</context>
<context>
    <name>Captions</name>
    <message>
        <source>What you said</source>
        <translation>您说的话</translation>
    </message>
    <message>
        <source>What they hear</source>
        <translation>他们听到的</translation>
    </message>
    <message>
        <source>You · {0}</source>
        <translation>您 · {0}</translation>
    </message>
    <message>
        <source>They hear · {0}</source>
        <translation>他们听到 · {0}</translation>
    </message>
    <message>
        <source>What you say appears here.</source>
        <translation>您说的话显示在这里。</translation>
    </message>
    <message>
        <source>And here what the others hear.</source>
        <translation>其他人听到的显示在这里。</translation>
    </message>
    <message>
        <source>Not translated: {0}</source>
        <translation>未翻译：{0}</translation>
    </message>
    <message>
        <source>In your own voice: {0}</source>
        <translation>用您自己的声音：{0}</translation>
    </message>
    <message>
        <source>found out as you speak</source>
        <translation>说话时自动识别</translation>
    </message>
</context>
<context>
    <name>Choice</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <source>My own voice now</source>
        <translation>立即用我的原声</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Push to translate</source>
        <translation>按住翻译</translation>
    </message>
    <message>
        <source>Your own picture and voice, at once, and back</source>
        <translation>立即切换为您自己的画面和声音，可切回</translation>
    </message>
    <message>
        <source>The meeting hears nothing</source>
        <translation>会议中听不到任何声音</translation>
    </message>
    <message>
        <source>Only what you say while holding the key is translated</source>
        <translation>只翻译按住按键时说的话</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>已静音</translation>
    </message>
    <message>
        <source>Back to translation</source>
        <translation>回到翻译</translation>
    </message>
    <message>
        <source>Translating…</source>
        <translation>正在翻译…</translation>
    </message>
    <message>
        <source>Hold {0}</source>
        <translation>按住 {0}</translation>
    </message>
    <message>
        <source>Starting… (stop)</source>
        <translation>正在启动…（停止）</translation>
    </message>
    <message>
        <source>Stop translating</source>
        <translation>停止翻译</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>开始翻译</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>Others</source>
        <translation>其他人</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
</context>
<context>
    <name>DelayCard</name>
    <message>
        <source>Delay</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Delay against what you allow</source>
        <translation>相对于允许值的延迟</translation>
    </message>
    <message>
        <source>Time of each stage</source>
        <translation>各阶段用时</translation>
    </message>
    <message>
        <source>Behind you</source>
        <translation>落后于您</translation>
    </message>
    <message>
        <source>{0} of {1} s</source>
        <translation>{0} / {1} 秒</translation>
    </message>
    <message>
        <source>{0} ms</source>
        <translation>{0} 毫秒</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>Recognise</source>
        <translation>识别</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>朗读</translation>
    </message>
    <message>
        <source>Lips and picture</source>
        <translation>嘴唇与画面</translation>
    </message>
    <message>
        <source>On time</source>
        <translation>准时</translation>
    </message>
    <message>
        <source>Catching up: the voice speaks faster</source>
        <translation>追赶中：语速加快</translation>
    </message>
    <message>
        <source>Catching up: fillers are left out</source>
        <translation>追赶中：省略口头语</translation>
    </message>
    <message>
        <source>Catching up: the translation is shorter</source>
        <translation>追赶中：译文更短</translation>
    </message>
    <message>
        <source>Too late to speak: captions only</source>
        <translation>来不及朗读：仅显示字幕</translation>
    </message>
    <message>
        <source>The picture rests: nobody is looking.</source>
        <translation>画面暂停：没有人在看。</translation>
    </message>
    <message>
        <source>{0} pictures/s · {1} dropped · lips {2} ms from the voice</source>
        <translation>{0} 帧/秒 · 丢弃 {1} · 嘴唇与声音相差 {2} 毫秒</translation>
    </message>
</context>
<context>
    <name>Desktop</name>
    <message>
        <source>The window changes its language when the program starts again.</source>
        <translation>程序重新启动后，窗口语言才会更改。</translation>
    </message>
</context>
<context>
    <name>DeviceCard</name>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>To the meeting: picture</source>
        <translation>送往会议：画面</translation>
    </message>
    <message>
        <source>To the meeting: voice</source>
        <translation>送往会议：声音</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>nobody looks</source>
        <translation>无人使用</translation>
    </message>
</context>
<context>
    <name>DevicePreview</name>
    <message>
        <source>No picture from the camera</source>
        <translation>摄像头没有画面</translation>
    </message>
</context>
<context>
    <name>DiagnosticsWindow</name>
    <message>
        <source>Diagnostics</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在写入…</translation>
    </message>
    <message>
        <source>Written to {0}. It holds nothing that was said.</source>
        <translation>已写入 {0}。其中不含任何说过的话。</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>Check-up</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>保存报告…</translation>
    </message>
</context>
<context>
    <name>FindingList</name>
    <message>
        <source>Look again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>正在处理…</translation>
    </message>
    <message>
        <source>This needs the administrator&apos;s rights:

{0}

Do it?</source>
        <translation>此操作需要管理员权限：

{0}

要执行吗？</translation>
    </message>
    <message>
        <source>Fix</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Fix: {0}</source>
        <translation>修复：{0}</translation>
    </message>
</context>
<context>
    <name>GuestCard</name>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Guest</source>
        <translation>嘉宾</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>移除{0}</translation>
    </message>
    <message>
        <source>Choose a microphone</source>
        <translation>选择麦克风</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>自动检测</translation>
    </message>
    <message>
        <source>The same as you</source>
        <translation>与您相同</translation>
    </message>
    <message>
        <source>The same as for you</source>
        <translation>与您的相同</translation>
    </message>
    <message>
        <source>A woman&apos;s voice, {0}</source>
        <translation>女声 {0}</translation>
    </message>
    <message>
        <source>A man&apos;s voice, {0}</source>
        <translation>男声 {0}</translation>
    </message>
    <message>
        <source>One of their own</source>
        <translation>专属声音</translation>
    </message>
    <message>
        <source>Name in captions and transcripts</source>
        <translation>字幕和文字记录中的名字</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>They speak</source>
        <translation>说的语言</translation>
    </message>
    <message>
        <source>Others hear them in</source>
        <translation>其他人听到的语言</translation>
    </message>
    <message>
        <source>Voice of the translation</source>
        <translation>译文的声音</translation>
    </message>
    <message>
        <source>Nobody else speaks into it, and nothing else is heard.</source>
        <translation>没有别人对着它说话，也不会改听别的麦克风。</translation>
    </message>
    <message>
        <source>Some engines have one voice only; then all sound alike.</source>
        <translation>有些引擎只有一种声音，那时大家听起来都一样。</translation>
    </message>
</context>
<context>
    <name>GuestList</name>
    <message>
        <source>Add a guest</source>
        <translation>添加嘉宾</translation>
    </message>
    <message>
        <source>Guest {0}</source>
        <translation>嘉宾 {0}</translation>
    </message>
    <message>
        <source>What are they called?</source>
        <translation>怎么称呼？</translation>
    </message>
    <message>
        <source>Which microphone do they speak into?</source>
        <translation>对着哪个麦克风说话？</translation>
    </message>
    <message>
        <source>Somebody with a microphone of their own</source>
        <translation>有自己麦克风的人</translation>
    </message>
    <message>
        <source>This pair cannot be translated with what is installed.</source>
        <translation>已安装的内容无法翻译这对语言。</translation>
    </message>
</context>
<context>
    <name>GuestsPage</name>
    <message>
        <source>Each is translated beside you, and named in captions and transcripts.</source>
        <translation>每个人都会与您一起被翻译，并在字幕和文字记录中显示名字。</translation>
    </message>
    <message>
        <source>While you translate, a change takes effect at the next start.</source>
        <translation>翻译进行时，更改在下次开始时生效。</translation>
    </message>
</context>
<context>
    <name>Guide</name>
    <message>
        <source>Welcome</source>
        <translation>欢迎</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>开始翻译</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>第 {0} 步，共 {1} 步</translation>
    </message>
    <message>
        <source>Say something: the bar should move.</source>
        <translation>请说几句话：指示条应当移动。</translation>
    </message>
    <message>
        <source>Camera and microphone</source>
        <translation>摄像头和麦克风</translation>
    </message>
    <message>
        <source>Is this you, and does the bar move when you speak?</source>
        <translation>这是您吗？说话时指示条会动吗？</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>What the meeting needs</source>
        <translation>会议所需</translation>
    </message>
    <message>
        <source>Meeting programs see a camera called Translated Camera and hear a microphone called Translated Microphone. What is missing for that stands here.</source>
        <translation>会议程序会看到名为 Translated Camera 的摄像头，并听到名为 Translated Microphone 的麦克风。这里列出尚缺的内容。</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>You can change them at any time, also while you speak.</source>
        <translation>您可以随时更改，说话时也可以。</translation>
    </message>
    <message>
        <source>Choose better models…</source>
        <translation>选择更好的模型…</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>What is built in works at once and is clumsy: simple recognition of English, simple translation, a robot&apos;s voice. Better models can be downloaded now or later.</source>
        <translation>内置功能立即可用，但较为简单：基本的英语识别、基本的翻译、机器人般的声音。更好的模型可以现在或以后下载。</translation>
    </message>
    <message>
        <source>Choose Translated Camera and Translated Microphone in your meeting program.</source>
        <translation>请在会议程序中选择 Translated Camera 和 Translated Microphone。</translation>
    </message>
    <message>
        <source>Something is wrong? {0} shows your own picture and voice at once.</source>
        <translation>出了问题？{0} 可立即显示您自己的画面和声音。</translation>
    </message>
    <message>
        <source>Headphones keep the microphone from hearing the translation.</source>
        <translation>使用耳机可避免麦克风听到译音。</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Three things to know:</source>
        <translation>需要知道的三件事：</translation>
    </message>
    <message>
        <source>I hear you.</source>
        <translation>我听到您了。</translation>
    </message>
</context>
<context>
    <name>LanguageCard</name>
    <message>
        <source>Language you speak</source>
        <translation>您说的语言</translation>
    </message>
    <message>
        <source>Language they hear</source>
        <translation>他们听到的语言</translation>
    </message>
    <message>
        <source>Swap the languages</source>
        <translation>交换语言</translation>
    </message>
    <message>
        <source>When I speak theirs, pass my own voice on</source>
        <translation>我说对方语言时传我的原声</translation>
    </message>
    <message>
        <source>The other direction cannot be translated with what is installed.</source>
        <translation>已安装的内容无法翻译相反方向。</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>自动检测</translation>
    </message>
    <message>
        <source>You speak their language: your own voice is passed on.</source>
        <translation>您在说对方的语言：正在传您的原声。</translation>
    </message>
    <message>
        <source>You speak {0}.</source>
        <translation>您说的是{0}。</translation>
    </message>
    <message>
        <source>They speak your language already: your own voice is passed on.</source>
        <translation>他们已经说您的语言：直接传送您自己的声音。</translation>
    </message>
    <message>
        <source>This pair cannot be translated with what is installed.</source>
        <translation>已安装的内容无法翻译这对语言。</translation>
    </message>
    <message>
        <source>I speak</source>
        <translation>我说</translation>
    </message>
    <message>
        <source>They hear</source>
        <translation>他们听到</translation>
    </message>
</context>
<context>
    <name>LatencyPlot</name>
    <message>
        <source>Delay over the last minutes</source>
        <translation>最近几分钟的延迟</translation>
    </message>
    <message>
        <source>Preparing the plot…</source>
        <translation>正在准备图表…</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>minutes ago</source>
        <translation>分钟前</translation>
    </message>
    <message>
        <source>Behind you</source>
        <translation>落后于您</translation>
    </message>
    <message>
        <source>Recognise</source>
        <translation>识别</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>朗读</translation>
    </message>
    <message>
        <source>Lips and picture</source>
        <translation>嘴唇与画面</translation>
    </message>
</context>
<context>
    <name>LineTable</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>You said</source>
        <translation>您说的</translation>
    </message>
    <message>
        <source>They heard</source>
        <translation>他们听到的</translation>
    </message>
    <message>
        <source>Not translated: {0}</source>
        <translation>未翻译：{0}</translation>
    </message>
</context>
<context>
    <name>Lines</name>
    <message>
        <source>word = translation</source>
        <translation>词 = 译文</translation>
    </message>
    <message>
        <source>one a line</source>
        <translation>每行一个</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Transcript</source>
        <translation>文字记录</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>What they see</source>
        <translation>他们看到的</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>并排</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>对比滑动</translation>
    </message>
    <message>
        <source>Opening camera and microphone…</source>
        <translation>正在打开摄像头和麦克风…</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>已静音</translation>
    </message>
    <message>
        <source>Passing your own voice on</source>
        <translation>正在传送您自己的声音</translation>
    </message>
    <message>
        <source>Loading models…</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <source>Translating</source>
        <translation>正在翻译</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Could not start</source>
        <translation>无法启动</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>What helps?</source>
        <translation>如何解决？</translation>
    </message>
    <message>
        <source>The microphone hears the translation. Headphones help.</source>
        <translation>麦克风听到了译音。请使用耳机。</translation>
    </message>
    <message>
        <source>Some changes take effect when the translation starts anew.</source>
        <translation>部分更改在翻译重新开始后生效。</translation>
    </message>
    <message>
        <source>Start anew now</source>
        <translation>立即重新开始</translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>Microphone level</source>
        <translation>麦克风电平</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>Silence {0} of {1} s</source>
        <translation>静默 {0} / {1} 秒</translation>
    </message>
    <message>
        <source>Silence</source>
        <translation>静默</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Progress of {0}</source>
        <translation>{0} 的进度</translation>
    </message>
    <message>
        <source>Not for commercial use.</source>
        <translation>不可用于商业用途。</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>here</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>to be had</source>
        <translation>可获取</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>识别</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Sentence end</source>
        <translation>句子结束</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>嘴唇</translation>
    </message>
</context>
<context>
    <name>ModelWindow</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>What is built in works without any of these. Better models are downloaded only when you ask for them; nothing you say leaves this machine.</source>
        <translation>内置功能无需这些即可工作。只有在您要求时才会下载更好的模型；您说的话不会离开本机。</translation>
    </message>
    <message>
        <source>Import from disk…</source>
        <translation>从磁盘导入…</translation>
    </message>
    <message>
        <source>This installation has no catalogue of models.</source>
        <translation>此安装没有模型目录。</translation>
    </message>
    <message>
        <source>Do you accept the licence of this model?</source>
        <translation>您接受此模型的许可证吗？</translation>
    </message>
    <message>
        <source>{0}

Size: {1}
Licence: {2}

Download it?</source>
        <translation>{0}

大小：{1}
许可证：{2}

要下载吗？</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Stopped. What came is kept and used next time.</source>
        <translation>已停止。已下载的部分会保留并在下次使用。</translation>
    </message>
</context>
<context>
    <name>NoiseCard</name>
    <message>
        <source>What it brings</source>
        <translation>效果</translation>
    </message>
    <message>
        <source>Level before</source>
        <translation>处理前电平</translation>
    </message>
    <message>
        <source>Level after</source>
        <translation>处理后电平</translation>
    </message>
    <message>
        <source>Listen to yourself (5 s)</source>
        <translation>听听自己（5 秒）</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>原声</translation>
    </message>
    <message>
        <source>Without noise</source>
        <translation>去除噪声</translation>
    </message>
    <message>
        <source>Chosen above, it shows while you translate what it takes away.</source>
        <translation>在上方选择后，翻译时会显示去除了多少。</translation>
    </message>
    <message>
        <source>{0} dB are taken away at this moment.</source>
        <translation>此刻去除了 {0} dB。</translation>
    </message>
    <message>
        <source>The microphone is not open yet.</source>
        <translation>麦克风尚未打开。</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>处理中…</translation>
    </message>
    <message>
        <source>Nothing is kept away: choose above what does it.</source>
        <translation>没有去除任何声音：请在上方选择方式。</translation>
    </message>
    <message>
        <source>Speak… {0}</source>
        <translation>请说话… {0}</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>First steps</source>
        <translation>入门</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Preview of the outgoing picture</source>
        <translation>输出画面预览</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Meeting sees</source>
        <translation>会议看到的</translation>
    </message>
</context>
<context>
    <name>ProfilePage</name>
    <message>
        <source>Profiles</source>
        <translation>配置方案</translation>
    </message>
    <message>
        <source>A profile holds all settings, for example those of one meeting or voice.</source>
        <translation>配置方案包含所有设置，例如某个会议或某种声音的设置。</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Name of the profile</source>
        <translation>配置方案名称</translation>
    </message>
</context>
<context>
    <name>RungCard</name>
    <message>
        <source>Engines</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Chosen when you start.</source>
        <translation>开始时选择。</translation>
    </message>
    <message>
        <source>Get better models…</source>
        <translation>获取更好的模型…</translation>
    </message>
    <message>
        <source>(basic)</source>
        <translation>（基本）</translation>
    </message>
    <message>
        <source>; not {0}:</source>
        <translation>；未用 {0}：</translation>
    </message>
    <message>
        <source>Speech or noise</source>
        <translation>语音或噪声</translation>
    </message>
    <message>
        <source>Sentence end</source>
        <translation>句子结束</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>识别</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>面部</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>嘴唇</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
</context>
<context>
    <name>SectionPage</name>
    <message>
        <source>Back to the defaults</source>
        <translation>恢复默认值</translation>
    </message>
    <message>
        <source>Takes effect at the next start.</source>
        <translation>下次开始时生效。</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>设置页面</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>配置方案</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>StripCard</name>
    <message>
        <source>The last half minute</source>
        <translation>最近半分钟</translation>
    </message>
    <message>
        <source>Segments: {0}, cut by loudness and pauses alone.</source>
        <translation>片段：{0}，仅按音量和停顿切分。</translation>
    </message>
</context>
<context>
    <name>TranscriptWindow</name>
    <message>
        <source>Transcript</source>
        <translation>文字记录</translation>
    </message>
    <message>
        <source>Search both languages</source>
        <translation>搜索两种语言</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
    <message>
        <source>Written to {0}.</source>
        <translation>已写入 {0}。</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>无法写入 {0}：{1}。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Both languages</source>
        <translation>两种语言</translation>
    </message>
    <message>
        <source>Your language</source>
        <translation>您的语言</translation>
    </message>
    <message>
        <source>Their language</source>
        <translation>他们的语言</translation>
    </message>
    <message>
        <source>Languages to export</source>
        <translation>要导出的语言</translation>
    </message>
    <message>
        <source>Form to export</source>
        <translation>导出格式</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>My own voice now</source>
        <translation>立即用我的原声</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>They hear</source>
        <translation>他们听到</translation>
    </message>
    <message>
        <source>Show the window</source>
        <translation>显示窗口</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Stop translating</source>
        <translation>停止翻译</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>开始翻译</translation>
    </message>
    <message>
        <source>Translating</source>
        <translation>正在翻译</translation>
    </message>
    <message>
        <source>Passing your own voice on</source>
        <translation>正在传送您自己的声音</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
</context>
<context>
    <name>VoiceCard</name>
    <message>
        <source>How loud your own voice stays</source>
        <translation>您自己声音的音量</translation>
    </message>
    <message>
        <source>What keeps noise away</source>
        <translation>去除噪声的方式</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>Your own voice</source>
        <translation>您自己的声音</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>{0} dB less</source>
        <translation>减少 {0} dB</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>{0} dB under the translation</source>
        <translation>比译音低 {0} dB</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>原样</translation>
    </message>
</context>
<context>
    <name>_Strip</name>
    <message>
        <source>How the last half minute would be cut</source>
        <translation>最近半分钟会如何切分</translation>
    </message>
</context>
<context>
    <name>findings</name>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>Microphone&apos;s sound</source>
        <translation>麦克风的声音</translation>
    </message>
    <message>
        <source>Guests&apos; microphones</source>
        <translation>嘉宾的麦克风</translation>
    </message>
    <message>
        <source>Sound server</source>
        <translation>声音服务器</translation>
    </message>
    <message>
        <source>Virtual microphone</source>
        <translation>虚拟麦克风</translation>
    </message>
    <message>
        <source>Default microphone</source>
        <translation>默认麦克风</translation>
    </message>
    <message>
        <source>Default loudspeaker</source>
        <translation>默认扬声器</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Camera permission</source>
        <translation>摄像头权限</translation>
    </message>
    <message>
        <source>Busy camera</source>
        <translation>摄像头被占用</translation>
    </message>
    <message>
        <source>Camera&apos;s picture</source>
        <translation>摄像头的画面</translation>
    </message>
    <message>
        <source>Virtual camera</source>
        <translation>虚拟摄像头</translation>
    </message>
    <message>
        <source>Virtual camera device</source>
        <translation>虚拟摄像头设备</translation>
    </message>
    <message>
        <source>PipeWire camera</source>
        <translation>PipeWire 摄像头</translation>
    </message>
    <message>
        <source>Camera portal</source>
        <translation>摄像头门户</translation>
    </message>
    <message>
        <source>Virtual cable</source>
        <translation>虚拟音频线</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>识别</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Speech detection</source>
        <translation>语音检测</translation>
    </message>
    <message>
        <source>Ends of sentences</source>
        <translation>句子的结尾</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>脸</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>嘴唇</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>CUDA for recognition and translation</source>
        <translation>用于识别和翻译的 CUDA</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>Settings folder</source>
        <translation>设置文件夹</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>Log folder</source>
        <translation>日志文件夹</translation>
    </message>
    <message>
        <source>Cache folder</source>
        <translation>缓存文件夹</translation>
    </message>
    <message>
        <source>Settings file</source>
        <translation>设置文件</translation>
    </message>
    <message>
        <source>Fonts for captions</source>
        <translation>字幕字体</translation>
    </message>
    <message>
        <source>Right-to-left captions</source>
        <translation>从右到左的字幕</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>显示器</translation>
    </message>
    <message>
        <source>Python packages</source>
        <translation>Python 软件包</translation>
    </message>
    <message>
        <source>All right</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Hint</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Check of {0}</source>
        <translation>检查：{0}</translation>
    </message>
</context>
<context>
    <name>quitting</name>
    <message>
        <source>A meeting program is using Translated Camera. If you quit, it loses picture and voice.</source>
        <translation>会议程序正在使用 Translated Camera。如果退出，它将失去画面和声音。</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>留下</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>sentences</name>
    <message>
        <source>No recognition model is here.</source>
        <translation>这里没有语音识别模型。</translation>
    </message>
    <message>
        <source>No translation model is here.</source>
        <translation>这里没有翻译模型。</translation>
    </message>
    <message>
        <source>No voice model is here.</source>
        <translation>这里没有语音合成模型。</translation>
    </message>
    <message>
        <source>No recognition model for {0} is here.</source>
        <translation>这里没有 {0} 的语音识别模型。</translation>
    </message>
    <message>
        <source>No voice model for {0} is here.</source>
        <translation>这里没有 {0} 的语音合成模型。</translation>
    </message>
    <message>
        <source>No translation model from {0} to {1} is here, directly or through English.</source>
        <translation>这里没有从 {0} 到 {1} 的翻译模型，直接或经由英语都没有。</translation>
    </message>
    <message>
        <source>See what there is with `translated-camera models list --kind {0}`, and get one with `translated-camera models pull NAME`.</source>
        <translation>可在“模型”中查看并获取，或用 `translated-camera models list --kind {0}` 和 `translated-camera models pull NAME`。</translation>
    </message>
    <message>
        <source>Get one with `translated-camera models pull {0}`.</source>
        <translation>获取方法：`translated-camera models pull {0}`。</translation>
    </message>
    <message>
        <source>The {0} models that are here need a graphics card, and there is none.</source>
        <translation>这里的 {0} 模型需要显卡，而本机没有。</translation>
    </message>
    <message>
        <source>pocketsphinx recognises English only, not {0}. Choose another recogniser for it.</source>
        <translation>pocketsphinx 只识别英语，不识别 {0}。请选择其他识别器。</translation>
    </message>
    <message>
        <source>pocketsphinx recognises English only and finds out no other language.</source>
        <translation>pocketsphinx 只识别英语，不能识别其他语种。</translation>
    </message>
    <message>
        <source>The {0} engine {1} needs {2}.</source>
        <translation>{0} 引擎 {1} 需要 {2}。</translation>
    </message>
    <message>
        <source>XTTS needs a graphics card: on a processor it takes twice as long as it speaks.</source>
        <translation>XTTS 需要显卡：在处理器上合成时间是说话时间的两倍。</translation>
    </message>
    <message>
        <source>Wav2Lip needs a checkpoint, which this program does not bring along. Put yours into {0} as wav2lip.pth or wav2lip.onnx. Its licence allows non-commercial use only.</source>
        <translation>Wav2Lip 需要本程序未附带的权重。请把它放到 {0}，命名为 wav2lip.pth 或 wav2lip.onnx。其许可仅限非商业用途。</translation>
    </message>
    <message>
        <source>A part of the program has failed; it is being started again.</source>
        <translation>程序的一部分出错了，正在重新启动。</translation>
    </message>
    <message>
        <source>You are heard as you are: {0}</source>
        <translation>对方听到的是您的原声：{0}</translation>
    </message>
    <message>
        <source>No recogniser here finds out which language is spoken. Choose your language.</source>
        <translation>这里没有能识别语种的识别器。请选择您的语言。</translation>
    </message>
    <message>
        <source>Your own voice is not passed on by itself: the recogniser at work does not find out which language is spoken.</source>
        <translation>不会自动传您的原声：正在使用的识别器不能识别语种。</translation>
    </message>
    <message>
        <source>Finding out which language is spoken needs a Whisper model for many languages. Get one under Models.</source>
        <translation>识别语种需要多语言 Whisper 模型。请在“模型”中获取。</translation>
    </message>
    <message>
        <source>Nothing here translates {0} into {1}.</source>
        <translation>这里无法把 {0} 译成 {1}。</translation>
    </message>
    <message>
        <source>the voice was too far behind</source>
        <translation>语音落后太多</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged or has stopped.</source>
        <translation>摄像头 {0} 已拔出或停止。</translation>
    </message>
    <message>
        <source>The camera {0} is used by {1}; close it there.</source>
        <translation>摄像头 {0} 正被 {1} 使用；请在那里关闭。</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged.</source>
        <translation>麦克风 {0} 已拔出。</translation>
    </message>
    <message>
        <source>The microphone {0} gives nothing but silence. Is it muted, or is this program not allowed to listen?</source>
        <translation>麦克风 {0} 只有静音。是否被静音，或本程序没有收听权限？</translation>
    </message>
    <message>
        <source>The microphone {0} is too loud and distorts: turn its level down.</source>
        <translation>麦克风 {0} 音量过大而失真：请调低。</translation>
    </message>
    <message>
        <source>The virtual camera is switched off.</source>
        <translation>虚拟摄像头已关闭。</translation>
    </message>
    <message>
        <source>No program can see “{0}”, there is the preview only.</source>
        <translation>没有程序能看到“{0}”，只有预览。</translation>
    </message>
    <message>
        <source>There is no v4l2loopback device. Install v4l2loopback-dkms; {0}.</source>
        <translation>没有 v4l2loopback 设备。请安装 v4l2loopback-dkms；{0}。</translation>
    </message>
    <message>
        <source>PipeWire is not running for this user. Start it: systemctl --user start pipewire</source>
        <translation>PipeWire 未为此用户运行。启动：systemctl --user start pipewire</translation>
    </message>
    <message>
        <source>The sound server does not answer.</source>
        <translation>声音服务器没有响应。</translation>
    </message>
    <message>
        <source>The sound server is gone, and with it the virtual microphone.</source>
        <translation>声音服务器已消失，虚拟麦克风也随之消失。</translation>
    </message>
    <message>
        <source>The shortcuts work in our own windows only. In the desktop&apos;s keyboard settings you can bind keys to: translated-camera tell panic</source>
        <translation>快捷键只在本程序窗口中有效。您可以在桌面的键盘设置中把按键绑定到：translated-camera tell panic</translation>
    </message>
    <message>
        <source>macOS gives keys everywhere only to programs that may watch everything that is typed, which this one does not ask for. The shortcuts work in our own windows; the icon in the menu bar has them too.</source>
        <translation>macOS 只把全局按键交给可以监视全部输入的程序，本程序不要求这种权限。快捷键在本程序窗口中有效；菜单栏图标中也有。</translation>
    </message>
    <message>
        <source>This desktop offers no shortcuts to programs (its portal has no GlobalShortcuts).</source>
        <translation>此桌面不向程序提供快捷键（其门户没有 GlobalShortcuts）。</translation>
    </message>
    <message>
        <source>There is no session bus, so the desktop cannot be asked for shortcuts.</source>
        <translation>没有会话总线，无法向桌面请求快捷键。</translation>
    </message>
    <message>
        <source>You or the desktop declined the shortcuts; they can be given in its keyboard settings.</source>
        <translation>您或桌面拒绝了快捷键；可以在其键盘设置中授予。</translation>
    </message>
    <message>
        <source>The desktop has taken the shortcuts back.</source>
        <translation>桌面已收回快捷键。</translation>
    </message>
    <message>
        <source>Another program has taken {0} already.</source>
        <translation>{0} 已被其他程序占用。</translation>
    </message>
    <message>
        <source>Your microphone hears the translation that is meant for you. Use headphones: else it is translated for the others.</source>
        <translation>您的麦克风听到了给您的译音。请使用耳机，否则它会被译给其他人。</translation>
    </message>
    <message>
        <source>What is played for you comes back as the others&apos; sound. It is only shown from here on; choose another output (others.output) and turn it on again.</source>
        <translation>为您播放的声音又作为其他人的声音传了回来。从现在起只显示译文；请选择另一个输出 (others.output) 并重新开启。</translation>
    </message>
    <message>
        <source>The others cannot be translated for you.</source>
        <translation>无法为您翻译其他人的话。</translation>
    </message>
    <message>
        <source>The others speak {0} already: nothing to translate for you.</source>
        <translation>其他人说的就是{0}：没有需要为您翻译的。</translation>
    </message>
    <message>
        <source>Which language do you hear the others in? Your own is found out while you speak; set others.language (--others-to).</source>
        <translation>您想用哪种语言听其他人？您自己的语言在您说话时才识别；请设置 others.language (--others-to)。</translation>
    </message>
    <message>
        <source>the voice is turned off</source>
        <translation>语音已关闭</translation>
    </message>
    <message>
        <source>{0} plays nothing; it is heard as soon as it does.</source>
        <translation>{0} 没有播放声音；一播放就能听到。</translation>
    </message>
    <message>
        <source>No program plays anything; it is heard as soon as one does.</source>
        <translation>没有程序在播放声音；一有播放就能听到。</translation>
    </message>
    <message>
        <source>{0} failed ({1}); {2} goes on.</source>
        <translation>{0} 出错 ({1})；改由 {2} 继续。</translation>
    </message>
    <message>
        <source>This machine is too busy for {0}, which takes {1} times as long as it may; {2} goes on.</source>
        <translation>这台机器太忙，{0} 用时达到允许的 {1} 倍；改由 {2} 继续。</translation>
    </message>
    <message>
        <source>{0} does well here again and is back in place of {1}.</source>
        <translation>{0} 在这里又能正常工作，已重新取代 {1}。</translation>
    </message>
    <message>
        <source>This machine is too busy for it at the moment.</source>
        <translation>这台机器目前太忙，无法使用它。</translation>
    </message>
    <message>
        <source>It failed ({0}).</source>
        <translation>它出错了（{0}）。</translation>
    </message>
    <message>
        <source>CUDA was asked for (models.device), but no graphics card that has it is found; the processor works instead.</source>
        <translation>要求使用 CUDA（models.device），但没有找到支持它的显卡；改由处理器工作。</translation>
    </message>
    <message>
        <source>Install NVIDIA&apos;s driver with cuBLAS and cuDNN, or set models.device to auto.</source>
        <translation>请安装带 cuBLAS 和 cuDNN 的 NVIDIA 驱动，或将 models.device 设为 auto。</translation>
    </message>
    <message>
        <source>The process of {0} had to be started again.</source>
        <translation>{0} 的进程不得不重新启动。</translation>
    </message>
    <message>
        <source>The {0} does not answer.</source>
        <translation>{0} 没有响应。</translation>
    </message>
    <message>
        <source>The {0} does not answer; {1} of its requests are sent to others.</source>
        <translation>{0} 没有响应；它的 {1} 个请求已转给其他进程。</translation>
    </message>
    <message>
        <source>{0} was asked for ({1}), but no graphics card is found; the processor works instead.</source>
        <translation>要求使用 {0}（{1}），但未找到显卡；改由处理器工作。</translation>
    </message>
    <message>
        <source>{0} was asked for ({1}), but it is not among the graphics cards that are found; the first one works instead.</source>
        <translation>要求使用 {0}（{1}），但它不在找到的显卡之中；改由第一块显卡工作。</translation>
    </message>
    <message>
        <source>The {0} has ended; what it had is done by others.</source>
        <translation>{0} 已结束；它手上的工作由其他进程完成。</translation>
    </message>
    <message>
        <source>The {0} worker {1} on {2} has ended.</source>
        <translation>{0} worker {1} on {2} 已结束。</translation>
    </message>
    <message>
        <source>{0} segments wait.</source>
        <translation>{0} 个片段在等待。</translation>
    </message>
    <message>
        <source>No {0} worker for {1} is at {2}. Start one: {3}</source>
        <translation>{2} 处没有用于 {1} 的 {0} 工作进程。请启动一个：{3}</translation>
    </message>
    <message>
        <source>No {0} worker is at {1}. Start one: {2}</source>
        <translation>{1} 处没有 {0} 工作进程。请启动一个：{2}</translation>
    </message>
    <message>
        <source>Three workers have ended over it; it is not tried again.</source>
        <translation>已有三个工作进程因它而结束；不再重试。</translation>
    </message>
    <message>
        <source>The broker at {0} refuses this user name or password.</source>
        <translation>{0} 处的消息代理拒绝了此用户名或密码。</translation>
    </message>
    <message>
        <source>The broker at {0} has no such virtual host, or not for this user.</source>
        <translation>{0} 处的消息代理没有此虚拟主机，或不对此用户开放。</translation>
    </message>
    <message>
        <source>A queue at {0} was declared with other settings ({1}). Delete it there (rabbitmqctl delete_queue NAME), or use a virtual host of your own.</source>
        <translation>{0} 处的一个队列是以其他设置声明的（{1}）。请在那里删除它（rabbitmqctl delete_queue NAME），或使用您自己的虚拟主机。</translation>
    </message>
    <message>
        <source>The broker at {0} refuses: {1}.</source>
        <translation>{0} 处的消息代理拒绝：{1}。</translation>
    </message>
    <message>
        <source>The certificate of the broker at {0} is not trusted ({1}).</source>
        <translation>{0} 处消息代理的证书不受信任（{1}）。</translation>
    </message>
    <message>
        <source>What answers at {0} does not speak TLS as asked ({1}).</source>
        <translation>在 {0} 应答的程序没有按要求使用 TLS（{1}）。</translation>
    </message>
    <message>
        <source>No broker answers at {0}. Is RabbitMQ running there?</source>
        <translation>{0} 处没有消息代理应答。RabbitMQ 在那里运行吗？</translation>
    </message>
    <message>
        <source>A broker&apos;s address is written amqp://user:password@host:5672/.</source>
        <translation>消息代理的地址写作 amqp://user:password@host:5672/。</translation>
    </message>
    <message>
        <source>Which broker? Name it: --broker amqp://user:password@host/, the setting placement.broker, or the variable {0}.</source>
        <translation>使用哪个消息代理？请指明：--broker amqp://user:password@host/、设置 placement.broker 或变量 {0}。</translation>
    </message>
    <message>
        <source>This message is of wire version {0}; this program understands version {1}. Let the same release run at both ends.</source>
        <translation>此消息的格式版本为 {0}；本程序能理解版本 {1}。请在两端运行相同的版本。</translation>
    </message>
    <message>
        <source>A message of {0} MB is too large to be sent.</source>
        <translation>{0} MB 的消息太大，无法发送。</translation>
    </message>
    <message>
        <source>The devices stay as they were.</source>
        <translation>设备保持不变。</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged; {1} is shown until it is back.</source>
        <translation>摄像头 {0} 已拔出；在它恢复之前显示 {1}。</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged; there is no other.</source>
        <translation>摄像头 {0} 已拔出；没有其他摄像头。</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged; {1} is heard until it is back.</source>
        <translation>麦克风 {0} 已拔出；在它恢复之前使用 {1}。</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged; there is no other.</source>
        <translation>麦克风 {0} 已拔出；没有其他麦克风。</translation>
    </message>
    <message>
        <source>There is no camera called {0}; {1} is shown until it is there.</source>
        <translation>没有名为 {0} 的摄像头；在它出现之前显示 {1}。</translation>
    </message>
    <message>
        <source>There is no microphone called {0}; {1} is heard until it is there.</source>
        <translation>没有名为 {0} 的麦克风；在它出现之前使用 {1}。</translation>
    </message>
    <message>
        <source>There is no microphone called {0}.</source>
        <translation>没有名为 {0} 的麦克风。</translation>
    </message>
    <message>
        <source>There is no camera.</source>
        <translation>没有摄像头。</translation>
    </message>
    <message>
        <source>There is no microphone.</source>
        <translation>没有麦克风。</translation>
    </message>
    <message>
        <source>Plug it in, or choose another one for the guest in the settings.</source>
        <translation>请插上它，或在设置中为嘉宾选择另一个。</translation>
    </message>
    <message>
        <source>{0} speaks {1} already: nothing to translate.</source>
        <translation>{0} 说的就是 {1}：没有需要翻译的。</translation>
    </message>
    <message>
        <source>{0} needs a microphone that nobody else speaks into.</source>
        <translation>{0} 需要一个没有别人使用的麦克风。</translation>
    </message>
    <message>
        <source>{0} cannot be a name here: leave out the equals sign.</source>
        <translation>{0} 不能用作名字：请去掉等号。</translation>
    </message>
    <message>
        <source>Each further speaker needs a name of their own.</source>
        <translation>每位发言者都需要一个自己的名字。</translation>
    </message>
    <message>
        <source>{0} is what everybody at the far end is called: choose another name.</source>
        <translation>{0} 是对方所有人的统称：请选择别的名字。</translation>
    </message>
    <message>
        <source>A further speaker is written {0}.</source>
        <translation>其他发言者写作 {0}。</translation>
    </message>
    <message>
        <source>It says {0} twice.</source>
        <translation>{0} 写了两次。</translation>
    </message>
    <message>
        <source>There is no such language. Give a code such as &quot;en&quot; or a name such as &quot;English&quot;.</source>
        <translation>没有这种语言。请给出代码（如“en”）或英文名称（如“English”）。</translation>
    </message>
    <message>
        <source>Translated Camera is running already (process {0}); one session at a time can feed the virtual devices. End it first.</source>
        <translation>Translated Camera 已在运行（进程 {0}）；同一时间只能有一个会话向虚拟设备输送内容。请先结束它。</translation>
    </message>
    <message>
        <source>Process {0} of an earlier session does not end; end it by hand.</source>
        <translation>先前会话的进程 {0} 没有结束；请手动结束它。</translation>
    </message>
    <message>
        <source>The settings cannot be written to {0}: {1}.</source>
        <translation>设置无法写入 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>{0} 无法写入：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>{0} 无法读取：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be a profile&apos;s name; use letters and digits.</source>
        <translation>{0} 不能作为配置方案的名称；请使用字母和数字。</translation>
    </message>
    <message>
        <source>At most {0} further speakers can be heard.</source>
        <translation>最多还能再听 {0} 位发言者。</translation>
    </message>
    <message>
        <source>The settings take {0} in place of one.</source>
        <translation>设置中用 {0} 代替它。</translation>
    </message>
    <message>
        <source>There is no microphone. Plug one in.</source>
        <translation>没有麦克风，请接上一个。</translation>
    </message>
    <message>
        <source>{0} is taken meanwhile.</source>
        <translation>暂时使用 {0}。</translation>
    </message>
    <message>
        <source>{0} is taken.</source>
        <translation>使用 {0}。</translation>
    </message>
    <message>
        <source>There are {0} to choose from.</source>
        <translation>共有 {0} 个可选。</translation>
    </message>
    <message>
        <source>{0} is muted.</source>
        <translation>{0} 已静音。</translation>
    </message>
    <message>
        <source>{0} is heard.</source>
        <translation>能听到 {0}。</translation>
    </message>
    <message>
        <source>{0} gives nothing but silence. Is it switched off, or is this program not allowed to listen?</source>
        <translation>{0} 只有静音。它是否关闭了，或者此程序没有收听的权限？</translation>
    </message>
    <message>
        <source>{0} is as loud as can be, so it distorts: turn its level down.</source>
        <translation>{0} 音量已到顶，声音失真：请调低它的音量。</translation>
    </message>
    <message>
        <source>There is sound.</source>
        <translation>有声音。</translation>
    </message>
    <message>
        <source>There is no camera that this user may use.</source>
        <translation>没有此用户可以使用的摄像头。</translation>
    </message>
    <message>
        <source>Meetings hear the translation and see a slate with a text.</source>
        <translation>会议中能听到翻译，看到的是一块文字板。</translation>
    </message>
    <message>
        <source>This user may not use {0}.</source>
        <translation>此用户无权使用 {0}。</translation>
    </message>
    <message>
        <source>The group {0} has been joined already: log out and in again.</source>
        <translation>已加入 {0} 组：请注销后重新登录。</translation>
    </message>
    <message>
        <source>Log out and in again.</source>
        <translation>请注销后重新登录。</translation>
    </message>
    <message>
        <source>Start the machine anew.</source>
        <translation>请重新启动电脑。</translation>
    </message>
    <message>
        <source>{0} is open in {1}. Most cameras serve one program at a time: if no picture comes, end that program.</source>
        <translation>{0} 正被 {1} 打开。多数摄像头一次只供一个程序使用：如果没有画面，请关闭该程序。</translation>
    </message>
    <message>
        <source>{0} at {1} pictures a second.</source>
        <translation>{0}，每秒 {1} 帧。</translation>
    </message>
    <message>
        <source>Its best is {0} at {1} pictures a second: the picture will jerk.</source>
        <translation>它最多为 {0}，每秒 {1} 帧：画面会卡顿。</translation>
    </message>
    <message>
        <source>Its best is {0} at {1} pictures a second: the picture will be coarse.</source>
        <translation>它最多为 {0}，每秒 {1} 帧：画面会粗糙。</translation>
    </message>
    <message>
        <source>Workers behind the broker do it: `translated-camera worker` starts one.</source>
        <translation>由消息代理后面的工作进程完成：`translated-camera worker` 会启动一个。</translation>
    </message>
    <message>
        <source>Switched off in the settings.</source>
        <translation>已在设置中关闭。</translation>
    </message>
    <message>
        <source>It is switched off in the settings.</source>
        <translation>它已在设置中关闭。</translation>
    </message>
    <message>
        <source>Until then the picture passes as it is: `--lips off`.</source>
        <translation>在此之前画面原样通过：`--lips off`。</translation>
    </message>
    <message>
        <source>{0} may not be written by this user.</source>
        <translation>此用户无权写入 {0}。</translation>
    </message>
    <message>
        <source>{0} is in the way of the folder {1}: it is a file.</source>
        <translation>{0} 挡住了文件夹 {1}：它是一个文件。</translation>
    </message>
    <message>
        <source>(made when needed)</source>
        <translation>（需要时创建）</translation>
    </message>
    <message>
        <source>there is none yet; everything is as it comes</source>
        <translation>还没有；一切都是默认值</translation>
    </message>
    <message>
        <source>(the default is used)</source>
        <translation>（使用默认值）</translation>
    </message>
    <message>
        <source>(it is left out)</source>
        <translation>（已略过）</translation>
    </message>
    <message>
        <source>All are there: {0}.</source>
        <translation>都在：{0}。</translation>
    </message>
    <message>
        <source>A guest speaks {0} already: nothing to translate.</source>
        <translation>有一位嘉宾说的就是 {0}：没有需要翻译的。</translation>
    </message>
    <message>
        <source>A guest needs a microphone that nobody else speaks into.</source>
        <translation>有一位嘉宾需要一个没有别人使用的麦克风。</translation>
    </message>
    <message>
        <source>A guest is to be heard from a file that is not there: choose another one in the settings.</source>
        <translation>有一位嘉宾要从一个不存在的文件里听：请在设置中选择另一个。</translation>
    </message>
    <message>
        <source>No font here has the letters of {0}.</source>
        <translation>这里没有字体含有以下语言的字母：{0}。</translation>
    </message>
    <message>
        <source>There are fonts for both languages.</source>
        <translation>两种语言都有字体。</translation>
    </message>
    <message>
        <source>What lays out right-to-left text is missing: its letters stand apart, or reversed.</source>
        <translation>缺少排列从右到左文字的组件：字母会分开或颠倒。</translation>
    </message>
    <message>
        <source>There is none of NVIDIA&apos;s; everything is computed on the processor.</source>
        <translation>没有 NVIDIA 的显卡；一切都在处理器上计算。</translation>
    </message>
    <message>
        <source>There is one of NVIDIA&apos;s, but its driver does not answer; the processor is used.</source>
        <translation>有 NVIDIA 的显卡，但其驱动没有响应；使用处理器。</translation>
    </message>
    <message>
        <source>CTranslate2 computes on the card.</source>
        <translation>CTranslate2 在显卡上计算。</translation>
    </message>
    <message>
        <source>CTranslate2 finds no card it can compute on: cuBLAS or cuDNN is missing.</source>
        <translation>CTranslate2 找不到可用于计算的显卡：缺少 cuBLAS 或 cuDNN。</translation>
    </message>
    <message>
        <source>Not installed; lips are drawn without it, more slowly.</source>
        <translation>未安装；不用它也能绘制嘴唇，只是较慢。</translation>
    </message>
    <message>
        <source>Not installed; what needs it is left out.</source>
        <translation>未安装；需要它的部分被略去。</translation>
    </message>
    <message>
        <source>{0} with CUDA {1}</source>
        <translation>{0}，带 CUDA {1}</translation>
    </message>
    <message>
        <source>{0} computes on the processor only: built without CUDA, or the driver is too old.</source>
        <translation>{0} 只在处理器上计算：编译时没有 CUDA，或驱动太旧。</translation>
    </message>
    <message>
        <source>It cannot be loaded: {0}</source>
        <translation>无法加载：{0}</translation>
    </message>
    <message>
        <source>It could not be looked at: {0}</source>
        <translation>无法检查：{0}</translation>
    </message>
    <message>
        <source>The language is found out as you speak.</source>
        <translation>说话时自动识别语言。</translation>
    </message>
    <message>
        <source>Translated are: {0}.</source>
        <translation>可翻译：{0}。</translation>
    </message>
    <message>
        <source>Nothing is here that translates from {0} into what a voice can speak.</source>
        <translation>这里没有能从 {0} 翻译成某个语音可说语言的工具。</translation>
    </message>
    <message>
        <source>From {0}: {1}.</source>
        <translation>从 {0}：{1}。</translation>
    </message>
    <message>
        <source>The kernel module is loaded{0}.</source>
        <translation>内核模块已加载{0}。</translation>
    </message>
    <message>
        <source>PipeWire&apos;s camera stands in, which fewer programs see.</source>
        <translation>由 PipeWire 的摄像头代替，能看到它的程序较少。</translation>
    </message>
    <message>
        <source>The kernel module is installed and not loaded.</source>
        <translation>内核模块已安装但未加载。</translation>
    </message>
    <message>
        <source>This system has no kernel modules of its own (a container?): load it on the host.</source>
        <translation>此系统没有自己的内核模块（是容器吗？）：请在宿主机上加载。</translation>
    </message>
    <message>
        <source>The kernel module is not installed, which makes the camera for programs.</source>
        <translation>未安装为程序提供摄像头的内核模块。</translation>
    </message>
    <message>
        <source>{0} may not be opened by this user; see the permissions.</source>
        <translation>此用户无权打开 {0}；请查看权限。</translation>
    </message>
    <message>
        <source>No device is called “{0}”.</source>
        <translation>没有名为“{0}”的设备。</translation>
    </message>
    <message>
        <source>There is {0}; the setting devices.virtual_camera can name one by its path.</source>
        <translation>有 {0}；可在设置 devices.virtual_camera 中按路径指定一个。</translation>
    </message>
    <message>
        <source>It is on, as Chromium needs it.</source>
        <translation>已开启，正如 Chromium 所需。</translation>
    </message>
    <message>
        <source>It is off: Chromium and what is made of it never list the camera.</source>
        <translation>已关闭：Chromium 及基于它的程序不会列出此摄像头。</translation>
    </message>
    <message>
        <source>A session of this program feeds {0}.</source>
        <translation>此程序的一个会话正在向 {0} 输送画面。</translation>
    </message>
    <message>
        <source>{0} is fed by {1} at this moment; one program can at a time.</source>
        <translation>目前由 {1} 向 {0} 输送画面；一次只能有一个程序。</translation>
    </message>
    <message>
        <source>{0} takes no pictures while {1} holds it. End that program.</source>
        <translation>{1} 占用期间 {0} 不接收画面。请关闭该程序。</translation>
    </message>
    <message>
        <source>{0} takes no pictures since its last writer died; the next session cures that.</source>
        <translation>上一个写入程序意外结束后 {0} 不再接收画面；下一次会话会修复。</translation>
    </message>
    <message>
        <source>{0} takes pictures again.</source>
        <translation>{0} 又能接收画面了。</translation>
    </message>
    <message>
        <source>{0} holds {1} at {2}. Switch the camera off there, and on again later.</source>
        <translation>{0} 以 {2} 占用 {1}。请在那里关闭摄像头，稍后再打开。</translation>
    </message>
    <message>
        <source>“{0}” ({1}) takes pictures.</source>
        <translation>“{0}”（{1}）可接收画面。</translation>
    </message>
    <message>
        <source>They are those that were tried.</source>
        <translation>都是经过测试的版本。</translation>
    </message>
    <message>
        <source>All there.</source>
        <translation>全都有。</translation>
    </message>
    <message>
        <source>Missing: {0}.</source>
        <translation>缺少：{0}。</translation>
    </message>
    <message>
        <source>Other than tried: {0}.</source>
        <translation>与测试版本不同：{0}。</translation>
    </message>
    <message>
        <source>It is compiled.</source>
        <translation>已编译。</translation>
    </message>
    <message>
        <source>The small library that makes the camera is not compiled.</source>
        <translation>提供摄像头的小型库尚未编译。</translation>
    </message>
    <message>
        <source>The PipeWire camera is compiled.</source>
        <translation>PipeWire 摄像头已编译。</translation>
    </message>
    <message>
        <source>What compiles the small library that makes the camera is not installed.</source>
        <translation>未安装用来编译提供摄像头的小型库的工具。</translation>
    </message>
    <message>
        <source>It is running.</source>
        <translation>正在运行。</translation>
    </message>
    <message>
        <source>PipeWire is installed and does not run for this user.</source>
        <translation>PipeWire 已安装，但没有为此用户运行。</translation>
    </message>
    <message>
        <source>PipeWire is not installed; without it and without v4l2loopback there is no camera.</source>
        <translation>未安装 PipeWire；没有它也没有 v4l2loopback 就没有摄像头。</translation>
    </message>
    <message>
        <source>There is no D-Bus session, so no portal: browsers cannot be given the camera.</source>
        <translation>没有 D-Bus 会话，因此没有门户：无法把摄像头提供给浏览器。</translation>
    </message>
    <message>
        <source>It is there (version {0}).</source>
        <translation>存在（版本 {0}）。</translation>
    </message>
    <message>
        <source>xdg-desktop-portal is not installed: browsers cannot be given the camera.</source>
        <translation>未安装 xdg-desktop-portal：无法把摄像头提供给浏览器。</translation>
    </message>
    <message>
        <source>This desktop&apos;s portal offers no cameras. Install the portal of your desktop.</source>
        <translation>此桌面的门户不提供摄像头。请安装您桌面的门户。</translation>
    </message>
    <message>
        <source>Whether there is one cannot be told: {0}.</source>
        <translation>无法判断是否存在：{0}。</translation>
    </message>
    <message>
        <source>{0} cores{1}, without AVX2: the networks run many times slower. Use the basic engines.</source>
        <translation>{0} 个核心{1}，没有 AVX2：网络会慢很多倍。请使用基本引擎。</translation>
    </message>
    <message>
        <source>{0} cores{1}: with fewer than {2}, small models and lips on `own_mouth` do best.</source>
        <translation>{0} 个核心{1}：少于 {2} 个时，小模型和 `own_mouth` 嘴唇效果最好。</translation>
    </message>
    <message>
        <source>{0} cores: with fewer than {1}, small models and lips on `own_mouth` do best.</source>
        <translation>{0} 个核心：少于 {1} 个时，小模型和 `own_mouth` 嘴唇效果最好。</translation>
    </message>
    <message>
        <source>{0} cores{1}; without VNNI, so eight bits gain less.</source>
        <translation>{0} 个核心{1}；没有 VNNI，所以八位量化的收益较小。</translation>
    </message>
    <message>
        <source>{0} cores{1}.</source>
        <translation>{0} 个核心{1}。</translation>
    </message>
    <message>
        <source>How much there is cannot be told here.</source>
        <translation>这里无法得知有多少。</translation>
    </message>
    <message>
        <source>{0} GB, {1} free: too little for more than the basic engines.</source>
        <translation>{0} GB，空闲 {1}：只够运行基本引擎。</translation>
    </message>
    <message>
        <source>{0} GB, {1} free: end what you do not need.</source>
        <translation>{0} GB，空闲 {1}：请关闭不需要的程序。</translation>
    </message>
    <message>
        <source>{0} GB, {1} free.</source>
        <translation>{0} GB，空闲 {1}。</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}): nothing more can be kept.</source>
        <translation>存放模型和录音的位置空闲 {0} GB（{1}）：无法再保存任何东西。</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}): too little for the larger models.</source>
        <translation>存放模型和录音的位置空闲 {0} GB（{1}）：不够放较大的模型。</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}).</source>
        <translation>存放模型和录音的位置空闲 {0} GB（{1}）。</translation>
    </message>
    <message>
        <source>It is heard by {0}.</source>
        <translation>正在收听它的程序：{0}。</translation>
    </message>
    <message>
        <source>It is made when a session starts.</source>
        <translation>会话开始时创建。</translation>
    </message>
    <message>
        <source>A session of this program feeds it at this moment.</source>
        <translation>此程序的一个会话正在向它输送。</translation>
    </message>
    <message>
        <source>Every program hears it.</source>
        <translation>每个程序都能听到它。</translation>
    </message>
    <message>
        <source>It is in use: {0} plays into it.</source>
        <translation>正在使用：{0} 正向它播放。</translation>
    </message>
    <message>
        <source>“{0}” is the system&apos;s default: programs that are told nothing take it.</source>
        <translation>“{0}”是系统默认设备：没有另外指定的程序会使用它。</translation>
    </message>
    <message>
        <source>The system&apos;s default loudspeaker is ours: what programs play goes into the meeting.</source>
        <translation>系统的默认扬声器是我们的：程序播放的声音会进入会议。</translation>
    </message>
    <message>
        <source>There is no other to take its place.</source>
        <translation>没有其他设备可以代替它。</translation>
    </message>
    <message>
        <source>{0} is the default.</source>
        <translation>{0} 是默认设备。</translation>
    </message>
    <message>
        <source>Whether it is there shows when a session starts.</source>
        <translation>会话开始时才能知道它是否存在。</translation>
    </message>
    <message>
        <source>{0} is there.</source>
        <translation>{0} 存在。</translation>
    </message>
    <message>
        <source>macOS asks once for camera and microphone; see System Settings, Privacy &amp; Security.</source>
        <translation>macOS 会询问一次摄像头和麦克风权限；见“系统设置”中的“隐私与安全性”。</translation>
    </message>
    <message>
        <source>If nothing is seen or heard: Settings, Privacy &amp; security, Camera and Microphone.</source>
        <translation>如果看不到或听不到：设置、隐私和安全性、相机和麦克风。</translation>
    </message>
    <message>
        <source>Done: {0}.</source>
        <translation>已完成：{0}。</translation>
    </message>
    <message>
        <source>{0} cores.</source>
        <translation>{0} 个核心。</translation>
    </message>
    <message>
        <source>Start PipeWire (with pipewire-pulse) or PulseAudio.</source>
        <translation>请启动 PipeWire（带 pipewire-pulse）或 PulseAudio。</translation>
    </message>
    <message>
        <source>XTTS speaks with a speaker&apos;s own voice. Name the speaker in the setting voice.own; `translated-camera voices learn` teaches it one.</source>
        <translation>XTTS 用说话人自己的声音说话。请在设置 voice.own 中指定说话人；`translated-camera voices learn` 可以教它一个声音。</translation>
    </message>
    <message>
        <source>The neural turn judge needs the file {0}. Get it with `translated-camera models pull smart-turn`, or install pipecat-ai, which contains it.</source>
        <translation>神经网络轮次判断器需要文件 {0}。用 `translated-camera models pull smart-turn` 获取，或安装包含它的 pipecat-ai。</translation>
    </message>
    <message>
        <source>There is no sound device named “{0}”.</source>
        <translation>没有名为“{0}”的声音设备。</translation>
    </message>
    <message>
        <source>Install VB-CABLE from {0}.</source>
        <translation>请从 {0} 安装 VB-CABLE。</translation>
    </message>
    <message>
        <source>Install BlackHole 2ch: {0}.</source>
        <translation>请安装 BlackHole 2ch：{0}。</translation>
    </message>
    <message>
        <source>It is UnityCapture, registered as administrator: {0}; or the virtual camera of OBS Studio.</source>
        <translation>它是以管理员身份注册的 UnityCapture：{0}；或 OBS Studio 的虚拟摄像头。</translation>
    </message>
    <message>
        <source>It is the virtual camera of OBS Studio 30 or later, started there once and stopped.</source>
        <translation>它是 OBS Studio 30 或更高版本的虚拟摄像头，需在其中启动一次再停止。</translation>
    </message>
    <message>
        <source>(basic)</source>
        <translation>（基本）</translation>
    </message>
    <message>
        <source>; not {0}:</source>
        <translation>；未用 {0}：</translation>
    </message>
    <message>
        <source>There is no camera called {0}.</source>
        <translation>没有名为 {0} 的摄像头。</translation>
    </message>
    <message>
        <source>There is no camera at all.</source>
        <translation>根本没有摄像头。</translation>
    </message>
    <message>
        <source>There is no microphone at all.</source>
        <translation>根本没有麦克风。</translation>
    </message>
    <message>
        <source>There are: {0}.</source>
        <translation>现有：{0}。</translation>
    </message>
    <message>
        <source>The kernel module is loaded.</source>
        <translation>内核模块已加载。</translation>
    </message>
    <message>
        <source>there is no setting {0}; did you mean {1}?</source>
        <translation>没有设置项 {0}；是否指 {1}？</translation>
    </message>
    <message>
        <source>there is no setting {0}; there are: {1}</source>
        <translation>没有设置项 {0}；可用的有：{1}</translation>
    </message>
    <message>
        <source>there is no section {0}; did you mean {1}?</source>
        <translation>没有 {0} 这一节；是否指 {1}？</translation>
    </message>
    <message>
        <source>there is no section {0}</source>
        <translation>没有 {0} 这一节</translation>
    </message>
    <message>
        <source>{0} is {1} or more, not {2}</source>
        <translation>{0} 应不小于 {1}，而不是 {2}</translation>
    </message>
    <message>
        <source>{0} is {1} or less, not {2}</source>
        <translation>{0} 应不大于 {1}，而不是 {2}</translation>
    </message>
    <message>
        <source>{0} is one of {1}, not {2}</source>
        <translation>{0} 应为 {1} 之一，而不是 {2}</translation>
    </message>
    <message>
        <source>{0} is true or false, not {1}</source>
        <translation>{0} 应为 true 或 false，而不是 {1}</translation>
    </message>
    <message>
        <source>{0} is a whole number, not {1}</source>
        <translation>{0} 应为整数，而不是 {1}</translation>
    </message>
    <message>
        <source>{0} is a number, not {1}</source>
        <translation>{0} 应为数字，而不是 {1}</translation>
    </message>
    <message>
        <source>{0} is a text in quotes</source>
        <translation>{0} 应为带引号的文本</translation>
    </message>
    <message>
        <source>{0} is a list of texts</source>
        <translation>{0} 应为文本列表</translation>
    </message>
    <message>
        <source>{0} is a table of texts</source>
        <translation>{0} 应为文本表</translation>
    </message>
    <message>
        <source>this is not TOML: {0}</source>
        <translation>这不是 TOML：{0}</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Start with the desktop, without a window.</source>
        <translation>随桌面启动，不显示窗口。</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>自动检测</translation>
    </message>
    <message>
        <source>The system&apos;s</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>聆听</translation>
    </message>
    <message>
        <source>Engines</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Graphics cards</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>识别</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>翻译</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>词语</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>字幕</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation>表情</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>The others</source>
        <translation>其他人</translation>
    </message>
    <message>
        <source>Guests</source>
        <translation>嘉宾</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Where it runs</source>
        <translation>运行位置</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>The processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>The graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>As for all</source>
        <translation>与总设置相同</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Noise suppressor</source>
        <translation>降噪器</translation>
    </message>
    <message>
        <source>By your lips</source>
        <translation>根据您的嘴唇</translation>
    </message>
    <message>
        <source>Softly under the translation</source>
        <translation>在译音之下轻声播放</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>原样</translation>
    </message>
    <message>
        <source>Both languages</source>
        <translation>两种语言</translation>
    </message>
    <message>
        <source>Your language</source>
        <translation>您的语言</translation>
    </message>
    <message>
        <source>Their language</source>
        <translation>他们的语言</translation>
    </message>
    <message>
        <source>At the bottom</source>
        <translation>底部</translation>
    </message>
    <message>
        <source>At the top</source>
        <translation>顶部</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Dubbed</source>
        <translation>配音</translation>
    </message>
    <message>
        <source>In this program</source>
        <translation>在本程序中</translation>
    </message>
    <message>
        <source>In a process of its own</source>
        <translation>在单独的进程中</translation>
    </message>
    <message>
        <source>On another machine</source>
        <translation>在另一台机器上</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>The language you speak.</source>
        <translation>您说的语言。</translation>
    </message>
    <message>
        <source>The language the others hear.</source>
        <translation>其他人听到的语言。</translation>
    </message>
    <message>
        <source>When you speak the others&apos; language, pass your own voice on; needs Whisper.</source>
        <translation>当您说对方的语言时，传您的原声；需要 Whisper。</translation>
    </message>
    <message>
        <source>Seconds of silence that end a segment.</source>
        <translation>静默多少秒后结束一个片段。</translation>
    </message>
    <message>
        <source>How far below your voice&apos;s peak silence begins, in dB.</source>
        <translation>比您声音峰值低多少算作静默（dB）。</translation>
    </message>
    <message>
        <source>Seconds a segment lasts at least.</source>
        <translation>一个片段至少持续的秒数。</translation>
    </message>
    <message>
        <source>Seconds after which a segment is cut.</source>
        <translation>超过多少秒切断一个片段。</translation>
    </message>
    <message>
        <source>How surely a sentence must be over to be sent before the pause ends.</source>
        <translation>句子多确定已结束时，可在停顿结束前发送。</translation>
    </message>
    <message>
        <source>Cut at the ends of clauses when you do not pause.</source>
        <translation>您不停顿时在分句末尾切分。</translation>
    </message>
    <message>
        <source>Seconds of speech after which a clause&apos;s end may be cut at.</source>
        <translation>说话多少秒后可在分句末尾切分。</translation>
    </message>
    <message>
        <source>What keeps noise and other voices away: nothing, a noise suppressor, or your lips.</source>
        <translation>用什么排除噪声和其他人的声音：不用、降噪器，或您的嘴唇。</translation>
    </message>
    <message>
        <source>How far that may go, 0 being not at all.</source>
        <translation>可做到何种程度，0 为完全不做。</translation>
    </message>
    <message>
        <source>What tells speech from noise.</source>
        <translation>区分语音与噪声的引擎。</translation>
    </message>
    <message>
        <source>What judges whether a sentence is over.</source>
        <translation>判断句子是否结束的引擎。</translation>
    </message>
    <message>
        <source>What recognises your words.</source>
        <translation>识别您话语的引擎。</translation>
    </message>
    <message>
        <source>What translates them.</source>
        <translation>翻译的引擎。</translation>
    </message>
    <message>
        <source>What speaks the translation.</source>
        <translation>朗读译文的引擎。</translation>
    </message>
    <message>
        <source>What finds your face.</source>
        <translation>寻找您面部的引擎。</translation>
    </message>
    <message>
        <source>What moves your lips.</source>
        <translation>带动您嘴唇的引擎。</translation>
    </message>
    <message>
        <source>Where neural networks compute: the graphics card, the processor, or what is best.</source>
        <translation>神经网络在哪里计算：显卡、处理器，或最合适者。</translation>
    </message>
    <message>
        <source>The model that recognises; empty: the best that is here.</source>
        <translation>识别用的模型；留空：本机最好的。</translation>
    </message>
    <message>
        <source>The model that translates; empty: the best that is here.</source>
        <translation>翻译用的模型；留空：本机最好的。</translation>
    </message>
    <message>
        <source>The neural voice; empty: the best that is here.</source>
        <translation>神经语音；留空：本机最好的。</translation>
    </message>
    <message>
        <source>Where your words are recognised.</source>
        <translation>您的话在何处识别。</translation>
    </message>
    <message>
        <source>Where the voice is made.</source>
        <translation>语音在何处生成。</translation>
    </message>
    <message>
        <source>Where your lips are drawn.</source>
        <translation>您的嘴唇在何处绘制。</translation>
    </message>
    <message>
        <source>How full a card&apos;s memory may get before fewer lips are drawn at a time.</source>
        <translation>显卡内存占用到多满时，一次绘制的嘴唇会减少。</translation>
    </message>
    <message>
        <source>Ways of understanding weighed up at a time.</source>
        <translation>同时权衡的理解方式数。</translation>
    </message>
    <message>
        <source>The same, when what came out first is doubted.</source>
        <translation>对最初结果有疑问时的同一数值。</translation>
    </message>
    <message>
        <source>Hear short segments in short windows: faster, at some risk.</source>
        <translation>用短窗口听短片段：更快，但有些风险。</translation>
    </message>
    <message>
        <source>Sound below this is not listened to, in dB.</source>
        <translation>低于此值的声音不予理会（dB）。</translation>
    </message>
    <message>
        <source>How surely nobody speaks before an unsure text is dropped.</source>
        <translation>在丢弃不确定文本之前，无人说话的确定程度。</translation>
    </message>
    <message>
        <source>How unsure a text may be before it is doubted.</source>
        <translation>文本多不确定时才受到怀疑。</translation>
    </message>
    <message>
        <source>How repetitive a text may be before it is doubted.</source>
        <translation>文本多重复时才受到怀疑。</translation>
    </message>
    <message>
        <source>How often in a row the same words are believed.</source>
        <translation>相同的词连续多少次仍可信。</translation>
    </message>
    <message>
        <source>Translations weighed up at a time.</source>
        <translation>同时权衡的译文数。</translation>
    </message>
    <message>
        <source>Above 1, longer translations are preferred.</source>
        <translation>大于 1 时偏好较长的译文。</translation>
    </message>
    <message>
        <source>What runs Opus-MT.</source>
        <translation>运行 Opus-MT 的程序。</translation>
    </message>
    <message>
        <source>Seconds the translation may stay behind you.</source>
        <translation>译文可落后于您的秒数。</translation>
    </message>
    <message>
        <source>The fastest the voice may speak.</source>
        <translation>声音的最快语速。</translation>
    </message>
    <message>
        <source>When behind: speak faster.</source>
        <translation>落后时：加快语速。</translation>
    </message>
    <message>
        <source>When further behind: leave out fillers.</source>
        <translation>更落后时：省略口头语。</translation>
    </message>
    <message>
        <source>When still further behind: translate more briefly.</source>
        <translation>再落后时：译得更简短。</translation>
    </message>
    <message>
        <source>When nothing else helps: show, do not speak.</source>
        <translation>别无他法时：只显示，不朗读。</translation>
    </message>
    <message>
        <source>Leave out um, uh and their like.</source>
        <translation>省略“嗯”“呃”之类的口头语。</translation>
    </message>
    <message>
        <source>Words and names that are never translated.</source>
        <translation>永不翻译的词语和名称。</translation>
    </message>
    <message>
        <source>Your own translations of words and phrases.</source>
        <translation>您自己的词语和短语译法。</translation>
    </message>
    <message>
        <source>The voice, by the name its engine gives it; empty: its own choice.</source>
        <translation>声音，按引擎给出的名称；留空：由引擎选择。</translation>
    </message>
    <message>
        <source>The speaker whose own voice is imitated, with consent; needs XTTS.</source>
        <translation>经同意模仿其原声的说话者；需要 XTTS。</translation>
    </message>
    <message>
        <source>How fast the voice speaks, 1 being its own pace.</source>
        <translation>语速，1 为其自身速度。</translation>
    </message>
    <message>
        <source>Your own voice: silent, softly under the translation, or as it is.</source>
        <translation>您自己的声音：静音、在译音之下轻声播放，或原样。</translation>
    </message>
    <message>
        <source>How loud your own voice stays under the translation, in dB.</source>
        <translation>您自己的声音在译音之下的音量（dB）。</translation>
    </message>
    <message>
        <source>Show captions in the picture.</source>
        <translation>在画面中显示字幕。</translation>
    </message>
    <message>
        <source>Which captions are shown.</source>
        <translation>显示哪些字幕。</translation>
    </message>
    <message>
        <source>Size of the captions, 1 being the usual one.</source>
        <translation>字幕大小，1 为通常大小。</translation>
    </message>
    <message>
        <source>Where captions stand.</source>
        <translation>字幕的位置。</translation>
    </message>
    <message>
        <source>Live: no delay, lips follow the voice. Dubbed: the picture waits for the voice.</source>
        <translation>实时：无延迟，嘴唇跟随声音。配音：画面等待声音。</translation>
    </message>
    <message>
        <source>Seconds the dubbed picture waits.</source>
        <translation>配音画面等待的秒数。</translation>
    </message>
    <message>
        <source>Hold the mouth at rest while you speak and nothing is heard.</source>
        <translation>您说话而没有声音播出时保持嘴部静止。</translation>
    </message>
    <message>
        <source>Mark the picture as translated by a machine.</source>
        <translation>标明画面由机器翻译。</translation>
    </message>
    <message>
        <source>Show that a translation is on its way and how long it takes.</source>
        <translation>显示译文正在到来及所需时间。</translation>
    </message>
    <message>
        <source>The speaker whose learnt mouth is used.</source>
        <translation>使用哪位说话者的已学嘴形。</translation>
    </message>
    <message>
        <source>Match the light of the drawn mouth to the picture.</source>
        <translation>使绘制的嘴部与画面光线相符。</translation>
    </message>
    <message>
        <source>Match its sharpness.</source>
        <translation>使其清晰度相符。</translation>
    </message>
    <message>
        <source>Match its colour.</source>
        <translation>使其颜色相符。</translation>
    </message>
    <message>
        <source>Add a smile.</source>
        <translation>添加微笑。</translation>
    </message>
    <message>
        <source>Raise the brows.</source>
        <translation>抬起眉毛。</translation>
    </message>
    <message>
        <source>Open the eyes.</source>
        <translation>睁大眼睛。</translation>
    </message>
    <message>
        <source>The camera, by name; empty: the system&apos;s.</source>
        <translation>摄像头名称；留空：系统默认。</translation>
    </message>
    <message>
        <source>The microphone, by name; empty: the system&apos;s.</source>
        <translation>麦克风名称；留空：系统默认。</translation>
    </message>
    <message>
        <source>How meeting programs get the picture: auto, off, or a way by name.</source>
        <translation>会议程序如何获得画面：auto、off 或方式名称。</translation>
    </message>
    <message>
        <source>How meeting programs get the voice: auto, off, or a device by name.</source>
        <translation>会议程序如何获得声音：auto、off 或设备名称。</translation>
    </message>
    <message>
        <source>Translate what the others say, for you.</source>
        <translation>为您翻译其他人说的话。</translation>
    </message>
    <message>
        <source>Whose sound that is: a program or a device; empty: every program&apos;s.</source>
        <translation>声音来源：某个程序或设备；留空：所有程序。</translation>
    </message>
    <message>
        <source>The language they speak; empty: the one they hear from you.</source>
        <translation>他们说的语言；留空：他们从您这里听到的语言。</translation>
    </message>
    <message>
        <source>The language you hear; empty: the one you speak.</source>
        <translation>您听到的语言；留空：您说的语言。</translation>
    </message>
    <message>
        <source>Where you hear it, by name; empty: the system&apos;s output.</source>
        <translation>在哪里收听，按名称；留空：系统输出。</translation>
    </message>
    <message>
        <source>Say the translation; else it is only shown.</source>
        <translation>朗读译文；否则只显示。</translation>
    </message>
    <message>
        <source>Their own voices: softly while the translation is heard, or as they are.</source>
        <translation>他们的原声：播放译文时调低，或保持原样。</translation>
    </message>
    <message>
        <source>How loud they stay under the translation, in dB.</source>
        <translation>译文之下保留的音量（dB）。</translation>
    </message>
    <message>
        <source>Who else speaks at this machine, each into a microphone of their own.</source>
        <translation>还有谁在这台电脑旁说话，每人用自己的麦克风。</translation>
    </message>
    <message>
        <source>Language of this window; auto: the system&apos;s.</source>
        <translation>此窗口的语言；auto：跟随系统。</translation>
    </message>
    <message>
        <source>Colours.</source>
        <translation>颜色。</translation>
    </message>
    <message>
        <source>Go on in the notification area when the window is closed.</source>
        <translation>关闭窗口后在通知区域继续运行。</translation>
    </message>
    <message>
        <source>Start or stop the translation.</source>
        <translation>开始或停止翻译。</translation>
    </message>
    <message>
        <source>Pass your own picture and voice on, at once, and back.</source>
        <translation>立即传送您自己的画面和声音，可切回。</translation>
    </message>
    <message>
        <source>Mute, and back.</source>
        <translation>静音，可切回。</translation>
    </message>
    <message>
        <source>Translate while this key is held (push to translate).</source>
        <translation>按住此键时翻译（按住翻译）。</translation>
    </message>
    <message>
        <source>Where words are recognised.</source>
        <translation>在哪里识别词语。</translation>
    </message>
    <message>
        <source>Where they are translated.</source>
        <translation>在哪里翻译。</translation>
    </message>
    <message>
        <source>Where the translation is spoken.</source>
        <translation>在哪里朗读译文。</translation>
    </message>
    <message>
        <source>Where lips are drawn; with a broker, where a voice without a mouth gets one.</source>
        <translation>在哪里绘制嘴唇；使用代理时，为没有嘴形的声音生成嘴形的地方。</translation>
    </message>
    <message>
        <source>The broker&apos;s address, as amqp://user:password@host/.</source>
        <translation>代理的地址，形如 amqp://user:password@host/。</translation>
    </message>
</context>
</TS>
