<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="tr" sourcelanguage="en">
<context>
    <name>AboutWindow</name>
    <message>
        <source>About</source>
        <translation>Hakkında</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>Sürüm {0}</translation>
    </message>
    <message>
        <source>You speak your language; the meeting sees and hears you speak theirs. Everything happens on this machine. What the machine makes is marked in the picture.

Free software under the GNU General Public License, version 2 or later, without any warranty. It stands on these:</source>
        <translation>Siz kendi dilinizi konuşursunuz; toplantı sizi kendi dilinde görür ve duyar. Her şey bu bilgisayarda olur. Makinenin yaptığı, görüntüde işaretlenir.

GNU Genel Kamu Lisansı, sürüm 2 veya sonrası altında özgür yazılım; hiçbir garanti verilmez. Şunlara dayanır:</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lisanslar</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Parça</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Sürüm</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lisans</translation>
    </message>
</context>
<context>
    <name>Banners</name>
    <message>
        <source>Close this notice</source>
        <translation>Bu bildirimi kapat</translation>
    </message>
</context>
<context>
    <name>Captions</name>
    <message>
        <source>What you said</source>
        <translation>Söyledikleriniz</translation>
    </message>
    <message>
        <source>What they hear</source>
        <translation>Duydukları</translation>
    </message>
    <message>
        <source>You · {0}</source>
        <translation>Siz · {0}</translation>
    </message>
    <message>
        <source>They hear · {0}</source>
        <translation>Onlar duyar · {0}</translation>
    </message>
    <message>
        <source>What you say appears here.</source>
        <translation>Söyledikleriniz burada görünür.</translation>
    </message>
    <message>
        <source>And here what the others hear.</source>
        <translation>Başkalarının duyduğu da burada.</translation>
    </message>
    <message>
        <source>Not translated: {0}</source>
        <translation>Çevrilmedi: {0}</translation>
    </message>
    <message>
        <source>In your own voice: {0}</source>
        <translation>Kendi sesinizle: {0}</translation>
    </message>
    <message>
        <source>found out as you speak</source>
        <translation>siz konuşurken bulunur</translation>
    </message>
</context>
<context>
    <name>Choice</name>
    <message>
        <source>Automatic</source>
        <translation>Otomatik</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <source>My own voice now</source>
        <translation>Şimdi kendi sesim</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Sessiz</translation>
    </message>
    <message>
        <source>Push to translate</source>
        <translation>Bas ve çevir</translation>
    </message>
    <message>
        <source>Your own picture and voice, at once, and back</source>
        <translation>Kendi görüntünüz ve sesiniz, hemen, ve geri</translation>
    </message>
    <message>
        <source>The meeting hears nothing</source>
        <translation>Toplantı hiçbir şey duymaz</translation>
    </message>
    <message>
        <source>Only what you say while holding the key is translated</source>
        <translation>Yalnızca tuşa basılıyken söyledikleriniz çevrilir</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>Sessizde</translation>
    </message>
    <message>
        <source>Back to translation</source>
        <translation>Çeviriye dön</translation>
    </message>
    <message>
        <source>Translating…</source>
        <translation>Çevriliyor…</translation>
    </message>
    <message>
        <source>Hold {0}</source>
        <translation>{0} basılı tutun</translation>
    </message>
    <message>
        <source>Starting… (stop)</source>
        <translation>Başlıyor… (durdur)</translation>
    </message>
    <message>
        <source>Stop translating</source>
        <translation>Çeviriyi durdur</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Durduruluyor…</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>Çeviriyi başlat</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>Others</source>
        <translation>Diğerleri</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Siz</translation>
    </message>
</context>
<context>
    <name>DelayCard</name>
    <message>
        <source>Delay</source>
        <translation>Gecikme</translation>
    </message>
    <message>
        <source>Delay against what you allow</source>
        <translation>İzin verilene göre gecikme</translation>
    </message>
    <message>
        <source>Time of each stage</source>
        <translation>Her aşamanın süresi</translation>
    </message>
    <message>
        <source>Behind you</source>
        <translation>Sizin arkanızda</translation>
    </message>
    <message>
        <source>{0} of {1} s</source>
        <translation>{0} / {1} sn</translation>
    </message>
    <message>
        <source>{0} ms</source>
        <translation>{0} ms</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} sn</translation>
    </message>
    <message>
        <source>Recognise</source>
        <translation>Tanıma</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>Çeviri</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>Konuşma</translation>
    </message>
    <message>
        <source>Lips and picture</source>
        <translation>Dudaklar ve görüntü</translation>
    </message>
    <message>
        <source>On time</source>
        <translation>Zamanında</translation>
    </message>
    <message>
        <source>Catching up: the voice speaks faster</source>
        <translation>Yetişiyor: ses daha hızlı konuşuyor</translation>
    </message>
    <message>
        <source>Catching up: fillers are left out</source>
        <translation>Yetişiyor: dolgu sözleri atlanıyor</translation>
    </message>
    <message>
        <source>Catching up: the translation is shorter</source>
        <translation>Yetişiyor: çeviri daha kısa</translation>
    </message>
    <message>
        <source>Too late to speak: captions only</source>
        <translation>Konuşmak için çok geç: yalnızca altyazı</translation>
    </message>
    <message>
        <source>The picture rests: nobody is looking.</source>
        <translation>Görüntü dinleniyor: kimse bakmıyor.</translation>
    </message>
    <message>
        <source>{0} pictures/s · {1} dropped · lips {2} ms from the voice</source>
        <translation>{0} kare/sn · {1} atlandı · dudaklar sesten {2} ms uzakta</translation>
    </message>
</context>
<context>
    <name>Desktop</name>
    <message>
        <source>The window changes its language when the program starts again.</source>
        <translation>Pencere, program yeniden başlayınca dil değiştirir.</translation>
    </message>
</context>
<context>
    <name>DeviceCard</name>
    <message>
        <source>Devices</source>
        <translation>Aygıtlar</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>To the meeting: picture</source>
        <translation>Toplantıya: görüntü</translation>
    </message>
    <message>
        <source>To the meeting: voice</source>
        <translation>Toplantıya: ses</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>kullanımda</translation>
    </message>
    <message>
        <source>nobody looks</source>
        <translation>kimse bakmıyor</translation>
    </message>
</context>
<context>
    <name>DevicePreview</name>
    <message>
        <source>No picture from the camera</source>
        <translation>Kameradan görüntü yok</translation>
    </message>
</context>
<context>
    <name>DiagnosticsWindow</name>
    <message>
        <source>Diagnostics</source>
        <translation>Tanılama</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Günlük</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Yazılıyor…</translation>
    </message>
    <message>
        <source>Written to {0}. It holds nothing that was said.</source>
        <translation>{0} konumuna yazıldı. Söylenen hiçbir şeyi içermez.</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>Raporu kaydet</translation>
    </message>
    <message>
        <source>Check-up</source>
        <translation>Denetim</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Gecikme</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>Raporu kaydet…</translation>
    </message>
</context>
<context>
    <name>FindingList</name>
    <message>
        <source>Look again</source>
        <translation>Yeniden bak</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Bakılıyor…</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>Çalışıyor…</translation>
    </message>
    <message>
        <source>This needs the administrator&apos;s rights:

{0}

Do it?</source>
        <translation>Bu, yönetici yetkisi ister:

{0}

Yapılsın mı?</translation>
    </message>
    <message>
        <source>Fix</source>
        <translation>Düzelt</translation>
    </message>
    <message>
        <source>Fix: {0}</source>
        <translation>Düzelt: {0}</translation>
    </message>
</context>
<context>
    <name>GuestCard</name>
    <message>
        <source>Remove</source>
        <translation>Kaldır</translation>
    </message>
    <message>
        <source>Guest</source>
        <translation>Konuk</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>{0} adlı kişiyi kaldır</translation>
    </message>
    <message>
        <source>Choose a microphone</source>
        <translation>Bir mikrofon seçin</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>Algıla</translation>
    </message>
    <message>
        <source>The same as you</source>
        <translation>Sizinle aynı</translation>
    </message>
    <message>
        <source>The same as for you</source>
        <translation>Sizinkiyle aynı</translation>
    </message>
    <message>
        <source>A woman&apos;s voice, {0}</source>
        <translation>Kadın sesi, {0}</translation>
    </message>
    <message>
        <source>A man&apos;s voice, {0}</source>
        <translation>Erkek sesi, {0}</translation>
    </message>
    <message>
        <source>One of their own</source>
        <translation>Kendine ait bir ses</translation>
    </message>
    <message>
        <source>Name in captions and transcripts</source>
        <translation>Altyazı ve dökümlerdeki ad</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>They speak</source>
        <translation>Konuştuğu dil</translation>
    </message>
    <message>
        <source>Others hear them in</source>
        <translation>Diğerlerinin duyduğu dil</translation>
    </message>
    <message>
        <source>Voice of the translation</source>
        <translation>Çevirinin sesi</translation>
    </message>
    <message>
        <source>Nobody else speaks into it, and nothing else is heard.</source>
        <translation>Ona başka kimse konuşmaz ve yerine başkası dinlenmez.</translation>
    </message>
    <message>
        <source>Some engines have one voice only; then all sound alike.</source>
        <translation>Bazı motorların tek bir sesi vardır; o zaman herkes aynı duyulur.</translation>
    </message>
</context>
<context>
    <name>GuestList</name>
    <message>
        <source>Add a guest</source>
        <translation>Konuk ekle</translation>
    </message>
    <message>
        <source>Guest {0}</source>
        <translation>Konuk {0}</translation>
    </message>
    <message>
        <source>What are they called?</source>
        <translation>Adı nedir?</translation>
    </message>
    <message>
        <source>Which microphone do they speak into?</source>
        <translation>Hangi mikrofona konuşuyor?</translation>
    </message>
    <message>
        <source>Somebody with a microphone of their own</source>
        <translation>Kendi mikrofonu olan biri</translation>
    </message>
    <message>
        <source>This pair cannot be translated with what is installed.</source>
        <translation>Bu çift, kurulu olanlarla çevrilemez.</translation>
    </message>
</context>
<context>
    <name>GuestsPage</name>
    <message>
        <source>Each is translated beside you, and named in captions and transcripts.</source>
        <translation>Her biri sizin yanınızda çevrilir, altyazı ve dökümlerde adıyla anılır.</translation>
    </message>
    <message>
        <source>While you translate, a change takes effect at the next start.</source>
        <translation>Çeviri sürerken yapılan değişiklik sonraki başlatmada geçerli olur.</translation>
    </message>
</context>
<context>
    <name>Guide</name>
    <message>
        <source>Welcome</source>
        <translation>Hoş geldiniz</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Geri</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Atla</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>Çeviriyi başlat</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>İleri</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Kapat</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>Adım {0} / {1}</translation>
    </message>
    <message>
        <source>Say something: the bar should move.</source>
        <translation>Bir şey söyleyin: çubuk hareket etmeli.</translation>
    </message>
    <message>
        <source>Camera and microphone</source>
        <translation>Kamera ve mikrofon</translation>
    </message>
    <message>
        <source>Is this you, and does the bar move when you speak?</source>
        <translation>Bu siz misiniz ve konuşunca çubuk hareket ediyor mu?</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>What the meeting needs</source>
        <translation>Toplantının gerektirdikleri</translation>
    </message>
    <message>
        <source>Meeting programs see a camera called Translated Camera and hear a microphone called Translated Microphone. What is missing for that stands here.</source>
        <translation>Toplantı programları Translated Camera adlı bir kamera görür ve Translated Microphone adlı bir mikrofon duyar. Bunun için eksik olan burada yazar.</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Diller</translation>
    </message>
    <message>
        <source>You can change them at any time, also while you speak.</source>
        <translation>İstediğiniz zaman, konuşurken bile değiştirebilirsiniz.</translation>
    </message>
    <message>
        <source>Choose better models…</source>
        <translation>Daha iyi modeller seç…</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modeller</translation>
    </message>
    <message>
        <source>What is built in works at once and is clumsy: simple recognition of English, simple translation, a robot&apos;s voice. Better models can be downloaded now or later.</source>
        <translation>Yerleşik olanlar hemen çalışır ama acemicedir: basit İngilizce tanıma, basit çeviri, robot sesi. Daha iyi modeller şimdi veya sonra indirilebilir.</translation>
    </message>
    <message>
        <source>Choose Translated Camera and Translated Microphone in your meeting program.</source>
        <translation>Toplantı programınızda Translated Camera ve Translated Microphone seçin.</translation>
    </message>
    <message>
        <source>Something is wrong? {0} shows your own picture and voice at once.</source>
        <translation>Bir sorun mu var? {0} hemen kendi görüntünüzü ve sesinizi gösterir.</translation>
    </message>
    <message>
        <source>Headphones keep the microphone from hearing the translation.</source>
        <translation>Kulaklık, mikrofonun çeviriyi duymasını önler.</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Hazır</translation>
    </message>
    <message>
        <source>Three things to know:</source>
        <translation>Bilinmesi gereken üç şey:</translation>
    </message>
    <message>
        <source>I hear you.</source>
        <translation>Sizi duyuyorum.</translation>
    </message>
</context>
<context>
    <name>LanguageCard</name>
    <message>
        <source>Language you speak</source>
        <translation>Konuştuğunuz dil</translation>
    </message>
    <message>
        <source>Language they hear</source>
        <translation>Onların duyduğu dil</translation>
    </message>
    <message>
        <source>Swap the languages</source>
        <translation>Dilleri değiştir</translation>
    </message>
    <message>
        <source>When I speak theirs, pass my own voice on</source>
        <translation>Onların dilini konuşursam kendi sesimi ilet</translation>
    </message>
    <message>
        <source>The other direction cannot be translated with what is installed.</source>
        <translation>Diğer yön, kurulu olanlarla çevrilemez.</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>Algıla</translation>
    </message>
    <message>
        <source>You speak their language: your own voice is passed on.</source>
        <translation>Onların dilini konuşuyorsunuz: kendi sesiniz iletiliyor.</translation>
    </message>
    <message>
        <source>You speak {0}.</source>
        <translation>Konuştuğunuz dil: {0}.</translation>
    </message>
    <message>
        <source>They speak your language already: your own voice is passed on.</source>
        <translation>Zaten sizin dilinizi konuşuyorlar: kendi sesiniz iletilir.</translation>
    </message>
    <message>
        <source>This pair cannot be translated with what is installed.</source>
        <translation>Bu çift, kurulu olanlarla çevrilemez.</translation>
    </message>
    <message>
        <source>I speak</source>
        <translation>Ben konuşurum</translation>
    </message>
    <message>
        <source>They hear</source>
        <translation>Onlar duyar</translation>
    </message>
</context>
<context>
    <name>LatencyPlot</name>
    <message>
        <source>Delay over the last minutes</source>
        <translation>Son dakikalardaki gecikme</translation>
    </message>
    <message>
        <source>Preparing the plot…</source>
        <translation>Grafik hazırlanıyor…</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>saniye</translation>
    </message>
    <message>
        <source>minutes ago</source>
        <translation>dakika önce</translation>
    </message>
    <message>
        <source>Behind you</source>
        <translation>Sizin arkanızda</translation>
    </message>
    <message>
        <source>Recognise</source>
        <translation>Tanıma</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>Çeviri</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>Konuşma</translation>
    </message>
    <message>
        <source>Lips and picture</source>
        <translation>Dudaklar ve görüntü</translation>
    </message>
</context>
<context>
    <name>LineTable</name>
    <message>
        <source>Time</source>
        <translation>Zaman</translation>
    </message>
    <message>
        <source>You said</source>
        <translation>Söylediniz</translation>
    </message>
    <message>
        <source>They heard</source>
        <translation>Duydular</translation>
    </message>
    <message>
        <source>Not translated: {0}</source>
        <translation>Çevrilmedi: {0}</translation>
    </message>
</context>
<context>
    <name>Lines</name>
    <message>
        <source>word = translation</source>
        <translation>sözcük = çeviri</translation>
    </message>
    <message>
        <source>one a line</source>
        <translation>her satıra bir tane</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Transcript</source>
        <translation>Döküm</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ayarlar</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Daha fazla</translation>
    </message>
    <message>
        <source>What they see</source>
        <translation>Onların gördüğü</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Yan yana</translation>
    </message>
    <message>
        <source>Wipe</source>
        <translation>Perde</translation>
    </message>
    <message>
        <source>Opening camera and microphone…</source>
        <translation>Kamera ve mikrofon açılıyor…</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>Sessizde</translation>
    </message>
    <message>
        <source>Passing your own voice on</source>
        <translation>Kendi sesiniz iletiliyor</translation>
    </message>
    <message>
        <source>Loading models…</source>
        <translation>Modeller yükleniyor…</translation>
    </message>
    <message>
        <source>Translating</source>
        <translation>Çevriliyor</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Durduruluyor…</translation>
    </message>
    <message>
        <source>Could not start</source>
        <translation>Başlatılamadı</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Hazır</translation>
    </message>
    <message>
        <source>What helps?</source>
        <translation>Ne yapılabilir?</translation>
    </message>
    <message>
        <source>The microphone hears the translation. Headphones help.</source>
        <translation>Mikrofon çeviriyi duyuyor. Kulaklık yardımcı olur.</translation>
    </message>
    <message>
        <source>Some changes take effect when the translation starts anew.</source>
        <translation>Bazı değişiklikler çeviri yeniden başlayınca geçerli olur.</translation>
    </message>
    <message>
        <source>Start anew now</source>
        <translation>Şimdi yeniden başlat</translation>
    </message>
</context>
<context>
    <name>Meter</name>
    <message>
        <source>Microphone level</source>
        <translation>Mikrofon düzeyi</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>Konuşma</translation>
    </message>
    <message>
        <source>Silence {0} of {1} s</source>
        <translation>Sessizlik {0} / {1} sn</translation>
    </message>
    <message>
        <source>Silence</source>
        <translation>Sessizlik</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Progress of {0}</source>
        <translation>{0} ilerlemesi</translation>
    </message>
    <message>
        <source>Not for commercial use.</source>
        <translation>Ticari kullanım için değildir.</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>İndir</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>İptal</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Kaldır</translation>
    </message>
    <message>
        <source>here</source>
        <translation>burada</translation>
    </message>
    <message>
        <source>to be had</source>
        <translation>alınabilir</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Tanıma</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Çeviri</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Ses</translation>
    </message>
    <message>
        <source>Sentence end</source>
        <translation>Cümle sonu</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>Dudaklar</translation>
    </message>
</context>
<context>
    <name>ModelWindow</name>
    <message>
        <source>Models</source>
        <translation>Modeller</translation>
    </message>
    <message>
        <source>What is built in works without any of these. Better models are downloaded only when you ask for them; nothing you say leaves this machine.</source>
        <translation>Yerleşik olanlar bunların hiçbiri olmadan çalışır. Daha iyi modeller yalnızca siz isteyince indirilir; söylediğiniz hiçbir şey bu bilgisayardan çıkmaz.</translation>
    </message>
    <message>
        <source>Import from disk…</source>
        <translation>Diskten içe aktar…</translation>
    </message>
    <message>
        <source>This installation has no catalogue of models.</source>
        <translation>Bu kurulumda model kataloğu yok.</translation>
    </message>
    <message>
        <source>Do you accept the licence of this model?</source>
        <translation>Bu modelin lisansını kabul ediyor musunuz?</translation>
    </message>
    <message>
        <source>{0}

Size: {1}
Licence: {2}

Download it?</source>
        <translation>{0}

Boyut: {1}
Lisans: {2}

İndirilsin mi?</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lisans</translation>
    </message>
    <message>
        <source>Stopped. What came is kept and used next time.</source>
        <translation>Durduruldu. Gelen kısım saklanır ve bir dahaki sefere kullanılır.</translation>
    </message>
</context>
<context>
    <name>NoiseCard</name>
    <message>
        <source>What it brings</source>
        <translation>Ne kazandırır</translation>
    </message>
    <message>
        <source>Level before</source>
        <translation>Önceki düzey</translation>
    </message>
    <message>
        <source>Level after</source>
        <translation>Sonraki düzey</translation>
    </message>
    <message>
        <source>Listen to yourself (5 s)</source>
        <translation>Kendinizi dinleyin (5 sn)</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Olduğu gibi</translation>
    </message>
    <message>
        <source>Without noise</source>
        <translation>Gürültüsüz</translation>
    </message>
    <message>
        <source>Chosen above, it shows while you translate what it takes away.</source>
        <translation>Yukarıda seçilince, çeviri sırasında neyi giderdiğini gösterir.</translation>
    </message>
    <message>
        <source>{0} dB are taken away at this moment.</source>
        <translation>Şu anda {0} dB gideriliyor.</translation>
    </message>
    <message>
        <source>The microphone is not open yet.</source>
        <translation>Mikrofon henüz açık değil.</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>Çalışıyor…</translation>
    </message>
    <message>
        <source>Nothing is kept away: choose above what does it.</source>
        <translation>Hiçbir şey giderilmiyor: yukarıdan birini seçin.</translation>
    </message>
    <message>
        <source>Speak… {0}</source>
        <translation>Konuşun… {0}</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Önce</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Sonra</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>First steps</source>
        <translation>İlk adımlar</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modeller</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Tanılama</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Hakkında</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Preview of the outgoing picture</source>
        <translation>Giden görüntünün önizlemesi</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Meeting sees</source>
        <translation>Toplantı görür</translation>
    </message>
</context>
<context>
    <name>ProfilePage</name>
    <message>
        <source>Profiles</source>
        <translation>Profiller</translation>
    </message>
    <message>
        <source>A profile holds all settings, for example those of one meeting or voice.</source>
        <translation>Bir profil bütün ayarları tutar, örneğin bir toplantının veya bir sesin ayarlarını.</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Kullan</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Farklı kaydet…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Kaldır</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>İçe aktar…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Dışa aktar…</translation>
    </message>
    <message>
        <source>Name of the profile</source>
        <translation>Profilin adı</translation>
    </message>
</context>
<context>
    <name>RungCard</name>
    <message>
        <source>Engines</source>
        <translation>Motorlar</translation>
    </message>
    <message>
        <source>Chosen when you start.</source>
        <translation>Başlatınca seçilir.</translation>
    </message>
    <message>
        <source>Get better models…</source>
        <translation>Daha iyi modeller edin…</translation>
    </message>
    <message>
        <source>(basic)</source>
        <translation>(temel)</translation>
    </message>
    <message>
        <source>; not {0}:</source>
        <translation>; {0} değil:</translation>
    </message>
    <message>
        <source>Speech or noise</source>
        <translation>Konuşma mı gürültü mü</translation>
    </message>
    <message>
        <source>Sentence end</source>
        <translation>Cümle sonu</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Tanıma</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Çeviri</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Ses</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>Yüz</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>Dudaklar</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Gürültü</translation>
    </message>
</context>
<context>
    <name>SectionPage</name>
    <message>
        <source>Back to the defaults</source>
        <translation>Varsayılanlara dön</translation>
    </message>
    <message>
        <source>Takes effect at the next start.</source>
        <translation>Sonraki başlatmada geçerli olur.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Ayarlar</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Ayar sayfaları</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>Profiller</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Kapat</translation>
    </message>
</context>
<context>
    <name>StripCard</name>
    <message>
        <source>The last half minute</source>
        <translation>Son yarım dakika</translation>
    </message>
    <message>
        <source>Segments: {0}, cut by loudness and pauses alone.</source>
        <translation>Bölümler: {0}, yalnızca ses düzeyine ve duraklamalara göre kesildi.</translation>
    </message>
</context>
<context>
    <name>TranscriptWindow</name>
    <message>
        <source>Transcript</source>
        <translation>Döküm</translation>
    </message>
    <message>
        <source>Search both languages</source>
        <translation>Her iki dilde ara</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopyalandı.</translation>
    </message>
    <message>
        <source>Written to {0}.</source>
        <translation>{0} konumuna yazıldı.</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>{0} yazılamıyor: {1}.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Dışa aktar</translation>
    </message>
    <message>
        <source>Both languages</source>
        <translation>Her iki dil</translation>
    </message>
    <message>
        <source>Your language</source>
        <translation>Sizin diliniz</translation>
    </message>
    <message>
        <source>Their language</source>
        <translation>Onların dili</translation>
    </message>
    <message>
        <source>Languages to export</source>
        <translation>Dışa aktarılacak diller</translation>
    </message>
    <message>
        <source>Form to export</source>
        <translation>Dışa aktarma biçimi</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopyala</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>My own voice now</source>
        <translation>Şimdi kendi sesim</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Sessiz</translation>
    </message>
    <message>
        <source>They hear</source>
        <translation>Onlar duyar</translation>
    </message>
    <message>
        <source>Show the window</source>
        <translation>Pencereyi göster</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Çık</translation>
    </message>
    <message>
        <source>Stop translating</source>
        <translation>Çeviriyi durdur</translation>
    </message>
    <message>
        <source>Start translating</source>
        <translation>Çeviriyi başlat</translation>
    </message>
    <message>
        <source>Translating</source>
        <translation>Çevriliyor</translation>
    </message>
    <message>
        <source>Passing your own voice on</source>
        <translation>Kendi sesiniz iletiliyor</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Hazır</translation>
    </message>
</context>
<context>
    <name>VoiceCard</name>
    <message>
        <source>How loud your own voice stays</source>
        <translation>Kendi sesinizin düzeyi</translation>
    </message>
    <message>
        <source>What keeps noise away</source>
        <translation>Gürültüyü gideren</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Your own voice</source>
        <translation>Kendi sesiniz</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Gürültü</translation>
    </message>
    <message>
        <source>{0} dB less</source>
        <translation>{0} dB daha az</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>sessiz</translation>
    </message>
    <message>
        <source>{0} dB under the translation</source>
        <translation>çevirinin {0} dB altında</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>olduğu gibi</translation>
    </message>
</context>
<context>
    <name>_Strip</name>
    <message>
        <source>How the last half minute would be cut</source>
        <translation>Son yarım dakika nasıl kesilirdi</translation>
    </message>
</context>
<context>
    <name>findings</name>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Microphone&apos;s sound</source>
        <translation>Mikrofonun sesi</translation>
    </message>
    <message>
        <source>Guests&apos; microphones</source>
        <translation>Konukların mikrofonları</translation>
    </message>
    <message>
        <source>Sound server</source>
        <translation>Ses sunucusu</translation>
    </message>
    <message>
        <source>Virtual microphone</source>
        <translation>Sanal mikrofon</translation>
    </message>
    <message>
        <source>Default microphone</source>
        <translation>Varsayılan mikrofon</translation>
    </message>
    <message>
        <source>Default loudspeaker</source>
        <translation>Varsayılan hoparlör</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Camera permission</source>
        <translation>Kamera izni</translation>
    </message>
    <message>
        <source>Busy camera</source>
        <translation>Meşgul kamera</translation>
    </message>
    <message>
        <source>Camera&apos;s picture</source>
        <translation>Kameranın görüntüsü</translation>
    </message>
    <message>
        <source>Virtual camera</source>
        <translation>Sanal kamera</translation>
    </message>
    <message>
        <source>Virtual camera device</source>
        <translation>Sanal kamera aygıtı</translation>
    </message>
    <message>
        <source>PipeWire camera</source>
        <translation>PipeWire kamerası</translation>
    </message>
    <message>
        <source>Camera portal</source>
        <translation>Kamera portalı</translation>
    </message>
    <message>
        <source>Virtual cable</source>
        <translation>Sanal kablo</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>İzinler</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Tanıma</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Çeviri</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Ses</translation>
    </message>
    <message>
        <source>Speech detection</source>
        <translation>Konuşma algılama</translation>
    </message>
    <message>
        <source>Ends of sentences</source>
        <translation>Cümle sonları</translation>
    </message>
    <message>
        <source>Face</source>
        <translation>Yüz</translation>
    </message>
    <message>
        <source>Lips</source>
        <translation>Dudaklar</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Diller</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>Ekran kartı</translation>
    </message>
    <message>
        <source>CUDA for recognition and translation</source>
        <translation>Tanıma ve çeviri için CUDA</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>İşlemci</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Bellek</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Disk</translation>
    </message>
    <message>
        <source>Settings folder</source>
        <translation>Ayarların klasörü</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>Verilerin klasörü</translation>
    </message>
    <message>
        <source>Log folder</source>
        <translation>Günlüklerin klasörü</translation>
    </message>
    <message>
        <source>Cache folder</source>
        <translation>Önbellek klasörü</translation>
    </message>
    <message>
        <source>Settings file</source>
        <translation>Ayar dosyası</translation>
    </message>
    <message>
        <source>Fonts for captions</source>
        <translation>Altyazı yazı tipleri</translation>
    </message>
    <message>
        <source>Right-to-left captions</source>
        <translation>Sağdan sola altyazılar</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>Ekran</translation>
    </message>
    <message>
        <source>Python packages</source>
        <translation>Python paketleri</translation>
    </message>
    <message>
        <source>All right</source>
        <translation>Sorun yok</translation>
    </message>
    <message>
        <source>Hint</source>
        <translation>İpucu</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>Sorun</translation>
    </message>
    <message>
        <source>Check of {0}</source>
        <translation>Denetim: {0}</translation>
    </message>
</context>
<context>
    <name>quitting</name>
    <message>
        <source>A meeting program is using Translated Camera. If you quit, it loses picture and voice.</source>
        <translation>Bir toplantı programı Translated Camera kullanıyor. Çıkarsanız görüntüyü ve sesi yitirir.</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Kal</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Çık</translation>
    </message>
</context>
<context>
    <name>sentences</name>
    <message>
        <source>No recognition model is here.</source>
        <translation>Burada hiç tanıma modeli yok.</translation>
    </message>
    <message>
        <source>No translation model is here.</source>
        <translation>Burada hiç çeviri modeli yok.</translation>
    </message>
    <message>
        <source>No voice model is here.</source>
        <translation>Burada hiç ses modeli yok.</translation>
    </message>
    <message>
        <source>No recognition model for {0} is here.</source>
        <translation>Burada {0} için tanıma modeli yok.</translation>
    </message>
    <message>
        <source>No voice model for {0} is here.</source>
        <translation>Burada {0} için ses modeli yok.</translation>
    </message>
    <message>
        <source>No translation model from {0} to {1} is here, directly or through English.</source>
        <translation>Burada {0} dilinden {1} diline, doğrudan ya da İngilizce üzerinden çeviri modeli yok.</translation>
    </message>
    <message>
        <source>See what there is with `translated-camera models list --kind {0}`, and get one with `translated-camera models pull NAME`.</source>
        <translation>Neler olduğuna Modeller&apos;den bakıp birini edinin ya da `translated-camera models list --kind {0}` ve `translated-camera models pull NAME` ile.</translation>
    </message>
    <message>
        <source>Get one with `translated-camera models pull {0}`.</source>
        <translation>Bir tane edinmek için: `translated-camera models pull {0}`.</translation>
    </message>
    <message>
        <source>The {0} models that are here need a graphics card, and there is none.</source>
        <translation>Buradaki {0} modelleri ekran kartı ister, o da yok.</translation>
    </message>
    <message>
        <source>pocketsphinx recognises English only, not {0}. Choose another recogniser for it.</source>
        <translation>pocketsphinx yalnızca İngilizce tanır, {0} dilini tanımaz. Başka bir tanıyıcı seçin.</translation>
    </message>
    <message>
        <source>pocketsphinx recognises English only and finds out no other language.</source>
        <translation>pocketsphinx yalnızca İngilizce tanır, başka dili bulamaz.</translation>
    </message>
    <message>
        <source>The {0} engine {1} needs {2}.</source>
        <translation>{1} motoru ({0}) için {2} gerekir.</translation>
    </message>
    <message>
        <source>XTTS needs a graphics card: on a processor it takes twice as long as it speaks.</source>
        <translation>XTTS ekran kartı ister: işlemcide konuştuğunun iki katı sürer.</translation>
    </message>
    <message>
        <source>Wav2Lip needs a checkpoint, which this program does not bring along. Put yours into {0} as wav2lip.pth or wav2lip.onnx. Its licence allows non-commercial use only.</source>
        <translation>Wav2Lip, bu programla gelmeyen bir ağırlık dosyası ister. Sizinkini {0} içine wav2lip.pth ya da wav2lip.onnx olarak koyun. Lisansı yalnızca ticari olmayan kullanıma izin verir.</translation>
    </message>
    <message>
        <source>A part of the program has failed; it is being started again.</source>
        <translation>Programın bir bölümü hata verdi; yeniden başlatılıyor.</translation>
    </message>
    <message>
        <source>You are heard as you are: {0}</source>
        <translation>Olduğunuz gibi duyuluyorsunuz: {0}</translation>
    </message>
    <message>
        <source>No recogniser here finds out which language is spoken. Choose your language.</source>
        <translation>Buradaki hiçbir tanıyıcı konuşulan dili bulamıyor. Dilinizi seçin.</translation>
    </message>
    <message>
        <source>Your own voice is not passed on by itself: the recogniser at work does not find out which language is spoken.</source>
        <translation>Kendi sesiniz kendiliğinden iletilmez: çalışan tanıyıcı konuşulan dili bulamıyor.</translation>
    </message>
    <message>
        <source>Finding out which language is spoken needs a Whisper model for many languages. Get one under Models.</source>
        <translation>Konuşulan dili bulmak için çok dilli bir Whisper modeli gerekir. Modeller&apos;den edinin.</translation>
    </message>
    <message>
        <source>Nothing here translates {0} into {1}.</source>
        <translation>Burada {0} dilinden {1} diline çeviren bir şey yok.</translation>
    </message>
    <message>
        <source>the voice was too far behind</source>
        <translation>ses çok geride kalmıştı</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged or has stopped.</source>
        <translation>{0} kamerası çıkarıldı ya da durdu.</translation>
    </message>
    <message>
        <source>The camera {0} is used by {1}; close it there.</source>
        <translation>{0} kamerasını {1} kullanıyor; orada kapatın.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged.</source>
        <translation>{0} mikrofonu çıkarıldı.</translation>
    </message>
    <message>
        <source>The microphone {0} gives nothing but silence. Is it muted, or is this program not allowed to listen?</source>
        <translation>{0} mikrofonundan yalnızca sessizlik geliyor. Sesi kapalı mı, yoksa bu programın dinlemesine izin mi yok?</translation>
    </message>
    <message>
        <source>The microphone {0} is too loud and distorts: turn its level down.</source>
        <translation>{0} mikrofonu çok yüksek ve bozuluyor: düzeyini kısın.</translation>
    </message>
    <message>
        <source>The virtual camera is switched off.</source>
        <translation>Sanal kamera kapalı.</translation>
    </message>
    <message>
        <source>No program can see “{0}”, there is the preview only.</source>
        <translation>Hiçbir program “{0}” kamerasını göremiyor, yalnızca önizleme var.</translation>
    </message>
    <message>
        <source>There is no v4l2loopback device. Install v4l2loopback-dkms; {0}.</source>
        <translation>v4l2loopback aygıtı yok. v4l2loopback-dkms kurun; {0}.</translation>
    </message>
    <message>
        <source>PipeWire is not running for this user. Start it: systemctl --user start pipewire</source>
        <translation>PipeWire bu kullanıcı için çalışmıyor. Başlatın: systemctl --user start pipewire</translation>
    </message>
    <message>
        <source>The sound server does not answer.</source>
        <translation>Ses sunucusu yanıt vermiyor.</translation>
    </message>
    <message>
        <source>The sound server is gone, and with it the virtual microphone.</source>
        <translation>Ses sunucusu gitti, onunla sanal mikrofon da.</translation>
    </message>
    <message>
        <source>The shortcuts work in our own windows only. In the desktop&apos;s keyboard settings you can bind keys to: translated-camera tell panic</source>
        <translation>Kısayollar yalnızca kendi pencerelerimizde çalışır. Masaüstünün klavye ayarlarında şuna tuş atayabilirsiniz: translated-camera tell panic</translation>
    </message>
    <message>
        <source>macOS gives keys everywhere only to programs that may watch everything that is typed, which this one does not ask for. The shortcuts work in our own windows; the icon in the menu bar has them too.</source>
        <translation>macOS, tuşları her yerde yalnızca yazılan her şeyi izleyebilen programlara verir; bu program bunu istemez. Kısayollar kendi pencerelerimizde çalışır; menü çubuğundaki simgede de vardır.</translation>
    </message>
    <message>
        <source>This desktop offers no shortcuts to programs (its portal has no GlobalShortcuts).</source>
        <translation>Bu masaüstü programlara kısayol vermiyor (portalında GlobalShortcuts yok).</translation>
    </message>
    <message>
        <source>There is no session bus, so the desktop cannot be asked for shortcuts.</source>
        <translation>Oturum veri yolu yok; masaüstünden kısayol istenemiyor.</translation>
    </message>
    <message>
        <source>You or the desktop declined the shortcuts; they can be given in its keyboard settings.</source>
        <translation>Siz ya da masaüstü kısayolları geri çevirdi; klavye ayarlarında verilebilir.</translation>
    </message>
    <message>
        <source>The desktop has taken the shortcuts back.</source>
        <translation>Masaüstü kısayolları geri aldı.</translation>
    </message>
    <message>
        <source>Another program has taken {0} already.</source>
        <translation>{0} zaten başka bir programda.</translation>
    </message>
    <message>
        <source>Your microphone hears the translation that is meant for you. Use headphones: else it is translated for the others.</source>
        <translation>Mikrofonunuz sizin için yapılan çeviriyi duyuyor. Kulaklık kullanın: yoksa diğerleri için yeniden çevrilir.</translation>
    </message>
    <message>
        <source>What is played for you comes back as the others&apos; sound. It is only shown from here on; choose another output (others.output) and turn it on again.</source>
        <translation>Sizin için çalınan ses, diğerlerinin sesi olarak geri geliyor. Bundan sonra yalnızca gösterilir; başka bir çıkış seçin (others.output) ve yeniden açın.</translation>
    </message>
    <message>
        <source>The others cannot be translated for you.</source>
        <translation>Diğerleri sizin için çevrilemiyor.</translation>
    </message>
    <message>
        <source>The others speak {0} already: nothing to translate for you.</source>
        <translation>Diğerleri zaten {0} konuşuyor: sizin için çevrilecek bir şey yok.</translation>
    </message>
    <message>
        <source>Which language do you hear the others in? Your own is found out while you speak; set others.language (--others-to).</source>
        <translation>Diğerlerini hangi dilde duymak istiyorsunuz? Sizin diliniz siz konuşurken bulunuyor; others.language (--others-to) ayarını verin.</translation>
    </message>
    <message>
        <source>the voice is turned off</source>
        <translation>ses kapalı</translation>
    </message>
    <message>
        <source>{0} plays nothing; it is heard as soon as it does.</source>
        <translation>{0} bir şey çalmıyor; çalar çalmaz duyulur.</translation>
    </message>
    <message>
        <source>No program plays anything; it is heard as soon as one does.</source>
        <translation>Hiçbir program bir şey çalmıyor; biri çalar çalmaz duyulur.</translation>
    </message>
    <message>
        <source>{0} failed ({1}); {2} goes on.</source>
        <translation>{0} başarısız oldu ({1}); {2} devam ediyor.</translation>
    </message>
    <message>
        <source>This machine is too busy for {0}, which takes {1} times as long as it may; {2} goes on.</source>
        <translation>Bu makine {0} için çok meşgul: izin verilenin {1} katı sürüyor; {2} devam ediyor.</translation>
    </message>
    <message>
        <source>{0} does well here again and is back in place of {1}.</source>
        <translation>{0} burada yeniden iyi çalışıyor ve {1} yerine geri döndü.</translation>
    </message>
    <message>
        <source>This machine is too busy for it at the moment.</source>
        <translation>Bu makine şu anda bunun için çok meşgul.</translation>
    </message>
    <message>
        <source>It failed ({0}).</source>
        <translation>Başarısız oldu ({0}).</translation>
    </message>
    <message>
        <source>CUDA was asked for (models.device), but no graphics card that has it is found; the processor works instead.</source>
        <translation>CUDA istendi (models.device), ama onu destekleyen bir ekran kartı bulunamadı; yerine işlemci çalışıyor.</translation>
    </message>
    <message>
        <source>Install NVIDIA&apos;s driver with cuBLAS and cuDNN, or set models.device to auto.</source>
        <translation>NVIDIA sürücüsünü cuBLAS ve cuDNN ile kurun ya da models.device ayarını auto yapın.</translation>
    </message>
    <message>
        <source>The process of {0} had to be started again.</source>
        <translation>{0} süreci yeniden başlatılmak zorunda kaldı.</translation>
    </message>
    <message>
        <source>The {0} does not answer.</source>
        <translation>{0} yanıt vermiyor.</translation>
    </message>
    <message>
        <source>The {0} does not answer; {1} of its requests are sent to others.</source>
        <translation>{0} yanıt vermiyor; {1} isteği başkalarına gönderildi.</translation>
    </message>
    <message>
        <source>{0} was asked for ({1}), but no graphics card is found; the processor works instead.</source>
        <translation>{0} istendi ({1}), ancak hiçbir ekran kartı bulunamadı; onun yerine işlemci çalışıyor.</translation>
    </message>
    <message>
        <source>{0} was asked for ({1}), but it is not among the graphics cards that are found; the first one works instead.</source>
        <translation>{0} istendi ({1}), ancak bulunan ekran kartları arasında değil; onun yerine ilki çalışıyor.</translation>
    </message>
    <message>
        <source>The {0} has ended; what it had is done by others.</source>
        <translation>{0} sona erdi; elindekileri başkaları yapıyor.</translation>
    </message>
    <message>
        <source>The {0} worker {1} on {2} has ended.</source>
        <translation>{0} worker {1} on {2} sona erdi.</translation>
    </message>
    <message>
        <source>{0} segments wait.</source>
        <translation>{0} bölüm bekliyor.</translation>
    </message>
    <message>
        <source>No {0} worker for {1} is at {2}. Start one: {3}</source>
        <translation>{2} adresinde {1} için {0} çalışanı yok. Bir tane başlatın: {3}</translation>
    </message>
    <message>
        <source>No {0} worker is at {1}. Start one: {2}</source>
        <translation>{1} adresinde {0} çalışanı yok. Bir tane başlatın: {2}</translation>
    </message>
    <message>
        <source>Three workers have ended over it; it is not tried again.</source>
        <translation>Üç çalışan bunun yüzünden sona erdi; bir daha denenmeyecek.</translation>
    </message>
    <message>
        <source>The broker at {0} refuses this user name or password.</source>
        <translation>{0} adresindeki aracı bu kullanıcı adını veya parolayı kabul etmiyor.</translation>
    </message>
    <message>
        <source>The broker at {0} has no such virtual host, or not for this user.</source>
        <translation>{0} adresindeki aracıda böyle bir sanal sunucu yok ya da bu kullanıcıya açık değil.</translation>
    </message>
    <message>
        <source>A queue at {0} was declared with other settings ({1}). Delete it there (rabbitmqctl delete_queue NAME), or use a virtual host of your own.</source>
        <translation>{0} adresindeki bir kuyruk başka ayarlarla oluşturulmuş ({1}). Onu orada silin (rabbitmqctl delete_queue NAME) veya kendi sanal sunucunuzu kullanın.</translation>
    </message>
    <message>
        <source>The broker at {0} refuses: {1}.</source>
        <translation>{0} adresindeki aracı kabul etmiyor: {1}.</translation>
    </message>
    <message>
        <source>The certificate of the broker at {0} is not trusted ({1}).</source>
        <translation>{0} adresindeki aracının sertifikasına güvenilmiyor ({1}).</translation>
    </message>
    <message>
        <source>What answers at {0} does not speak TLS as asked ({1}).</source>
        <translation>{0} adresinde yanıt veren, istendiği gibi TLS konuşmuyor ({1}).</translation>
    </message>
    <message>
        <source>No broker answers at {0}. Is RabbitMQ running there?</source>
        <translation>{0} adresinde hiçbir aracı yanıt vermiyor. RabbitMQ orada çalışıyor mu?</translation>
    </message>
    <message>
        <source>A broker&apos;s address is written amqp://user:password@host:5672/.</source>
        <translation>Bir aracının adresi şöyle yazılır: amqp://user:password@host:5672/.</translation>
    </message>
    <message>
        <source>Which broker? Name it: --broker amqp://user:password@host/, the setting placement.broker, or the variable {0}.</source>
        <translation>Hangi aracı? Belirtin: --broker amqp://user:password@host/, placement.broker ayarı veya {0} değişkeni.</translation>
    </message>
    <message>
        <source>This message is of wire version {0}; this program understands version {1}. Let the same release run at both ends.</source>
        <translation>Bu ileti {0} biçiminde; bu program {1} biçimini anlıyor. Her iki uçta da aynı sürüm çalışmalı.</translation>
    </message>
    <message>
        <source>A message of {0} MB is too large to be sent.</source>
        <translation>{0} MB büyüklüğünde bir ileti gönderilemeyecek kadar büyük.</translation>
    </message>
    <message>
        <source>The devices stay as they were.</source>
        <translation>Aygıtlar olduğu gibi kalıyor.</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged; {1} is shown until it is back.</source>
        <translation>{0} kamerası çıkarıldı; geri gelene kadar {1} gösteriliyor.</translation>
    </message>
    <message>
        <source>The camera {0} was unplugged; there is no other.</source>
        <translation>{0} kamerası çıkarıldı; başka kamera yok.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged; {1} is heard until it is back.</source>
        <translation>{0} mikrofonu çıkarıldı; geri gelene kadar {1} dinleniyor.</translation>
    </message>
    <message>
        <source>The microphone {0} was unplugged; there is no other.</source>
        <translation>{0} mikrofonu çıkarıldı; başka mikrofon yok.</translation>
    </message>
    <message>
        <source>There is no camera called {0}; {1} is shown until it is there.</source>
        <translation>{0} adlı bir kamera yok; gelene kadar {1} gösteriliyor.</translation>
    </message>
    <message>
        <source>There is no microphone called {0}; {1} is heard until it is there.</source>
        <translation>{0} adında bir mikrofon yok; gelene kadar {1} dinleniyor.</translation>
    </message>
    <message>
        <source>There is no microphone called {0}.</source>
        <translation>{0} adında bir mikrofon yok.</translation>
    </message>
    <message>
        <source>There is no camera.</source>
        <translation>Kamera yok.</translation>
    </message>
    <message>
        <source>There is no microphone.</source>
        <translation>Mikrofon yok.</translation>
    </message>
    <message>
        <source>Plug it in, or choose another one for the guest in the settings.</source>
        <translation>Takın ya da ayarlarda konuk için başka birini seçin.</translation>
    </message>
    <message>
        <source>{0} speaks {1} already: nothing to translate.</source>
        <translation>{0} zaten {1} konuşuyor: çevrilecek bir şey yok.</translation>
    </message>
    <message>
        <source>{0} needs a microphone that nobody else speaks into.</source>
        <translation>{0} için başka kimsenin konuşmadığı bir mikrofon gerekiyor.</translation>
    </message>
    <message>
        <source>{0} cannot be a name here: leave out the equals sign.</source>
        <translation>{0} burada ad olamaz: eşittir işaretini çıkarın.</translation>
    </message>
    <message>
        <source>Each further speaker needs a name of their own.</source>
        <translation>Konuşan her ek kişinin kendi adı olmalı.</translation>
    </message>
    <message>
        <source>{0} is what everybody at the far end is called: choose another name.</source>
        <translation>{0} karşı taraftaki herkesin adıdır: başka bir ad seçin.</translation>
    </message>
    <message>
        <source>A further speaker is written {0}.</source>
        <translation>Başka bir konuşmacı şöyle yazılır: {0}.</translation>
    </message>
    <message>
        <source>It says {0} twice.</source>
        <translation>{0} iki kez yazılmış.</translation>
    </message>
    <message>
        <source>There is no such language. Give a code such as &quot;en&quot; or a name such as &quot;English&quot;.</source>
        <translation>Böyle bir dil yok. “en” gibi bir kod ya da “English” gibi bir ad verin.</translation>
    </message>
    <message>
        <source>Translated Camera is running already (process {0}); one session at a time can feed the virtual devices. End it first.</source>
        <translation>Translated Camera zaten çalışıyor (işlem {0}); sanal aygıtları aynı anda yalnızca bir oturum besleyebilir. Önce onu kapatın.</translation>
    </message>
    <message>
        <source>Process {0} of an earlier session does not end; end it by hand.</source>
        <translation>Önceki bir oturumun {0} numaralı işlemi sona ermiyor; elle sonlandırın.</translation>
    </message>
    <message>
        <source>The settings cannot be written to {0}: {1}.</source>
        <translation>Ayarlar {0} konumuna yazılamıyor: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}.</source>
        <translation>{0} yazılamıyor: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>{0} okunamıyor: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be a profile&apos;s name; use letters and digits.</source>
        <translation>{0} bir profilin adı olamaz; harf ve rakam kullanın.</translation>
    </message>
    <message>
        <source>At most {0} further speakers can be heard.</source>
        <translation>En fazla {0} kişi daha duyulabilir.</translation>
    </message>
    <message>
        <source>The settings take {0} in place of one.</source>
        <translation>Ayarlar onun yerine {0} kullanıyor.</translation>
    </message>
    <message>
        <source>There is no microphone. Plug one in.</source>
        <translation>Mikrofon yok. Bir tane takın.</translation>
    </message>
    <message>
        <source>{0} is taken meanwhile.</source>
        <translation>Bu arada {0} kullanılıyor.</translation>
    </message>
    <message>
        <source>{0} is taken.</source>
        <translation>{0} kullanılıyor.</translation>
    </message>
    <message>
        <source>There are {0} to choose from.</source>
        <translation>Seçilebilecek {0} tane var.</translation>
    </message>
    <message>
        <source>{0} is muted.</source>
        <translation>{0} susturulmuş.</translation>
    </message>
    <message>
        <source>{0} is heard.</source>
        <translation>{0} duyuluyor.</translation>
    </message>
    <message>
        <source>{0} gives nothing but silence. Is it switched off, or is this program not allowed to listen?</source>
        <translation>{0} yalnızca sessizlik veriyor. Kapalı mı, yoksa bu programın dinlemesine izin mi yok?</translation>
    </message>
    <message>
        <source>{0} is as loud as can be, so it distorts: turn its level down.</source>
        <translation>{0} en yüksek düzeyde, bu yüzden bozuyor: düzeyini kısın.</translation>
    </message>
    <message>
        <source>There is sound.</source>
        <translation>Ses var.</translation>
    </message>
    <message>
        <source>There is no camera that this user may use.</source>
        <translation>Bu kullanıcının kullanabileceği bir kamera yok.</translation>
    </message>
    <message>
        <source>Meetings hear the translation and see a slate with a text.</source>
        <translation>Toplantılar çeviriyi duyar ve yazılı bir levha görür.</translation>
    </message>
    <message>
        <source>This user may not use {0}.</source>
        <translation>Bu kullanıcı {0} kullanamaz.</translation>
    </message>
    <message>
        <source>The group {0} has been joined already: log out and in again.</source>
        <translation>{0} grubuna zaten katılındı: oturumu kapatıp yeniden açın.</translation>
    </message>
    <message>
        <source>Log out and in again.</source>
        <translation>Oturumu kapatıp yeniden açın.</translation>
    </message>
    <message>
        <source>Start the machine anew.</source>
        <translation>Bilgisayarı yeniden başlatın.</translation>
    </message>
    <message>
        <source>{0} is open in {1}. Most cameras serve one program at a time: if no picture comes, end that program.</source>
        <translation>{0}, {1} içinde açık. Çoğu kamera aynı anda tek programa hizmet eder: görüntü gelmezse o programı kapatın.</translation>
    </message>
    <message>
        <source>{0} at {1} pictures a second.</source>
        <translation>{0}, saniyede {1} görüntü.</translation>
    </message>
    <message>
        <source>Its best is {0} at {1} pictures a second: the picture will jerk.</source>
        <translation>En iyisi {0}, saniyede {1} görüntü: görüntü takılacak.</translation>
    </message>
    <message>
        <source>Its best is {0} at {1} pictures a second: the picture will be coarse.</source>
        <translation>En iyisi {0}, saniyede {1} görüntü: görüntü kaba olacak.</translation>
    </message>
    <message>
        <source>Workers behind the broker do it: `translated-camera worker` starts one.</source>
        <translation>Bunu broker&apos;ın arkasındaki işçiler yapıyor: `translated-camera worker` bir tane başlatır.</translation>
    </message>
    <message>
        <source>Switched off in the settings.</source>
        <translation>Ayarlarda kapatılmış.</translation>
    </message>
    <message>
        <source>It is switched off in the settings.</source>
        <translation>Ayarlarda kapatılmış.</translation>
    </message>
    <message>
        <source>Until then the picture passes as it is: `--lips off`.</source>
        <translation>O zamana kadar görüntü olduğu gibi geçer: `--lips off`.</translation>
    </message>
    <message>
        <source>{0} may not be written by this user.</source>
        <translation>Bu kullanıcı {0} içine yazamaz.</translation>
    </message>
    <message>
        <source>{0} is in the way of the folder {1}: it is a file.</source>
        <translation>{0}, {1} klasörünün yerinde: bu bir dosya.</translation>
    </message>
    <message>
        <source>(made when needed)</source>
        <translation>(gerektiğinde oluşturulur)</translation>
    </message>
    <message>
        <source>there is none yet; everything is as it comes</source>
        <translation>henüz yok; her şey geldiği gibi</translation>
    </message>
    <message>
        <source>(the default is used)</source>
        <translation>(varsayılan kullanılıyor)</translation>
    </message>
    <message>
        <source>(it is left out)</source>
        <translation>(atlanıyor)</translation>
    </message>
    <message>
        <source>All are there: {0}.</source>
        <translation>Hepsi yerinde: {0}.</translation>
    </message>
    <message>
        <source>A guest speaks {0} already: nothing to translate.</source>
        <translation>Bir konuk zaten {0} konuşuyor: çevrilecek bir şey yok.</translation>
    </message>
    <message>
        <source>A guest needs a microphone that nobody else speaks into.</source>
        <translation>Bir konuk için başka kimsenin konuşmadığı bir mikrofon gerekiyor.</translation>
    </message>
    <message>
        <source>A guest is to be heard from a file that is not there: choose another one in the settings.</source>
        <translation>Bir konuk, bulunmayan bir dosyadan duyulacak: ayarlarda başka birini seçin.</translation>
    </message>
    <message>
        <source>No font here has the letters of {0}.</source>
        <translation>Burada hiçbir yazı tipinde şunun harfleri yok: {0}.</translation>
    </message>
    <message>
        <source>There are fonts for both languages.</source>
        <translation>İki dil için de yazı tipi var.</translation>
    </message>
    <message>
        <source>What lays out right-to-left text is missing: its letters stand apart, or reversed.</source>
        <translation>Sağdan sola metni dizen bileşen eksik: harfler ayrık ya da ters çıkar.</translation>
    </message>
    <message>
        <source>There is none of NVIDIA&apos;s; everything is computed on the processor.</source>
        <translation>NVIDIA kartı yok; her şey işlemcide hesaplanıyor.</translation>
    </message>
    <message>
        <source>There is one of NVIDIA&apos;s, but its driver does not answer; the processor is used.</source>
        <translation>Bir NVIDIA kartı var ama sürücüsü yanıt vermiyor; işlemci kullanılıyor.</translation>
    </message>
    <message>
        <source>CTranslate2 computes on the card.</source>
        <translation>CTranslate2 kartta hesaplıyor.</translation>
    </message>
    <message>
        <source>CTranslate2 finds no card it can compute on: cuBLAS or cuDNN is missing.</source>
        <translation>CTranslate2 hesaplayabileceği bir kart bulamıyor: cuBLAS ya da cuDNN eksik.</translation>
    </message>
    <message>
        <source>Not installed; lips are drawn without it, more slowly.</source>
        <translation>Kurulu değil; dudaklar onsuz, daha yavaş çiziliyor.</translation>
    </message>
    <message>
        <source>Not installed; what needs it is left out.</source>
        <translation>Kurulu değil; ona ihtiyaç duyanlar dışarıda kalıyor.</translation>
    </message>
    <message>
        <source>{0} with CUDA {1}</source>
        <translation>{0}, CUDA {1} ile</translation>
    </message>
    <message>
        <source>{0} computes on the processor only: built without CUDA, or the driver is too old.</source>
        <translation>{0} yalnızca işlemcide hesaplıyor: CUDA&apos;sız derlenmiş ya da sürücü çok eski.</translation>
    </message>
    <message>
        <source>It cannot be loaded: {0}</source>
        <translation>Yüklenemiyor: {0}</translation>
    </message>
    <message>
        <source>It could not be looked at: {0}</source>
        <translation>Bakılamadı: {0}</translation>
    </message>
    <message>
        <source>The language is found out as you speak.</source>
        <translation>Dil siz konuşurken bulunur.</translation>
    </message>
    <message>
        <source>Translated are: {0}.</source>
        <translation>Çevrilenler: {0}.</translation>
    </message>
    <message>
        <source>Nothing is here that translates from {0} into what a voice can speak.</source>
        <translation>Burada {0} dilinden bir sesin söyleyebileceği bir dile çeviren yok.</translation>
    </message>
    <message>
        <source>From {0}: {1}.</source>
        <translation>{0} dilinden: {1}.</translation>
    </message>
    <message>
        <source>The kernel module is loaded{0}.</source>
        <translation>Çekirdek modülü yüklü{0}.</translation>
    </message>
    <message>
        <source>PipeWire&apos;s camera stands in, which fewer programs see.</source>
        <translation>Yerine PipeWire kamerası geçiyor; onu daha az program görür.</translation>
    </message>
    <message>
        <source>The kernel module is installed and not loaded.</source>
        <translation>Çekirdek modülü kurulu ama yüklü değil.</translation>
    </message>
    <message>
        <source>This system has no kernel modules of its own (a container?): load it on the host.</source>
        <translation>Bu sistemin kendi çekirdek modülleri yok (bir kapsayıcı mı?): onu ana makinede yükleyin.</translation>
    </message>
    <message>
        <source>The kernel module is not installed, which makes the camera for programs.</source>
        <translation>Programlar için kamerayı yapan çekirdek modülü kurulu değil.</translation>
    </message>
    <message>
        <source>{0} may not be opened by this user; see the permissions.</source>
        <translation>Bu kullanıcı {0} açamaz; izinlere bakın.</translation>
    </message>
    <message>
        <source>No device is called “{0}”.</source>
        <translation>Hiçbir aygıtın adı “{0}” değil.</translation>
    </message>
    <message>
        <source>There is {0}; the setting devices.virtual_camera can name one by its path.</source>
        <translation>Şunlar var: {0}; devices.virtual_camera ayarı birini yoluyla gösterebilir.</translation>
    </message>
    <message>
        <source>It is on, as Chromium needs it.</source>
        <translation>Açık; Chromium&apos;un gereksindiği gibi.</translation>
    </message>
    <message>
        <source>It is off: Chromium and what is made of it never list the camera.</source>
        <translation>Kapalı: Chromium ve ondan yapılanlar kamerayı hiç listelemez.</translation>
    </message>
    <message>
        <source>A session of this program feeds {0}.</source>
        <translation>Bu programın bir oturumu {0} aygıtını besliyor.</translation>
    </message>
    <message>
        <source>{0} is fed by {1} at this moment; one program can at a time.</source>
        <translation>Şu anda {0} aygıtını {1} besliyor; aynı anda tek program yapabilir.</translation>
    </message>
    <message>
        <source>{0} takes no pictures while {1} holds it. End that program.</source>
        <translation>{1} tuttuğu sürece {0} görüntü almıyor. O programı kapatın.</translation>
    </message>
    <message>
        <source>{0} takes no pictures since its last writer died; the next session cures that.</source>
        <translation>{0}, son yazanı öldüğünden beri görüntü almıyor; bir sonraki oturum bunu düzeltir.</translation>
    </message>
    <message>
        <source>{0} takes pictures again.</source>
        <translation>{0} yeniden görüntü alıyor.</translation>
    </message>
    <message>
        <source>{0} holds {1} at {2}. Switch the camera off there, and on again later.</source>
        <translation>{0}, {1} aygıtını {2} biçiminde tutuyor. Kamerayı orada kapatın, sonra yeniden açın.</translation>
    </message>
    <message>
        <source>“{0}” ({1}) takes pictures.</source>
        <translation>“{0}” ({1}) görüntü alıyor.</translation>
    </message>
    <message>
        <source>They are those that were tried.</source>
        <translation>Bunlar denenmiş olanlar.</translation>
    </message>
    <message>
        <source>All there.</source>
        <translation>Hepsi var.</translation>
    </message>
    <message>
        <source>Missing: {0}.</source>
        <translation>Eksik: {0}.</translation>
    </message>
    <message>
        <source>Other than tried: {0}.</source>
        <translation>Denenenden farklı: {0}.</translation>
    </message>
    <message>
        <source>It is compiled.</source>
        <translation>Derlenmiş.</translation>
    </message>
    <message>
        <source>The small library that makes the camera is not compiled.</source>
        <translation>Kamerayı yapan küçük kitaplık derlenmemiş.</translation>
    </message>
    <message>
        <source>The PipeWire camera is compiled.</source>
        <translation>PipeWire kamerası derlendi.</translation>
    </message>
    <message>
        <source>What compiles the small library that makes the camera is not installed.</source>
        <translation>Kamerayı yapan küçük kitaplığı derleyen araçlar kurulu değil.</translation>
    </message>
    <message>
        <source>It is running.</source>
        <translation>Çalışıyor.</translation>
    </message>
    <message>
        <source>PipeWire is installed and does not run for this user.</source>
        <translation>PipeWire kurulu ama bu kullanıcı için çalışmıyor.</translation>
    </message>
    <message>
        <source>PipeWire is not installed; without it and without v4l2loopback there is no camera.</source>
        <translation>PipeWire kurulu değil; o ve v4l2loopback olmadan kamera yok.</translation>
    </message>
    <message>
        <source>There is no D-Bus session, so no portal: browsers cannot be given the camera.</source>
        <translation>D-Bus oturumu yok, dolayısıyla portal da: tarayıcılara kamera verilemez.</translation>
    </message>
    <message>
        <source>It is there (version {0}).</source>
        <translation>Var (sürüm {0}).</translation>
    </message>
    <message>
        <source>xdg-desktop-portal is not installed: browsers cannot be given the camera.</source>
        <translation>xdg-desktop-portal kurulu değil: tarayıcılara kamera verilemez.</translation>
    </message>
    <message>
        <source>This desktop&apos;s portal offers no cameras. Install the portal of your desktop.</source>
        <translation>Bu masaüstünün portalı kamera sunmuyor. Masaüstünüzün portalını kurun.</translation>
    </message>
    <message>
        <source>Whether there is one cannot be told: {0}.</source>
        <translation>Olup olmadığı söylenemiyor: {0}.</translation>
    </message>
    <message>
        <source>{0} cores{1}, without AVX2: the networks run many times slower. Use the basic engines.</source>
        <translation>{0} çekirdek{1}, AVX2 yok: ağlar kat kat yavaş çalışır. Temel motorları kullanın.</translation>
    </message>
    <message>
        <source>{0} cores{1}: with fewer than {2}, small models and lips on `own_mouth` do best.</source>
        <translation>{0} çekirdek{1}: {2} çekirdekten azıyla en iyisi küçük modeller ve `own_mouth` dudaklarıdır.</translation>
    </message>
    <message>
        <source>{0} cores: with fewer than {1}, small models and lips on `own_mouth` do best.</source>
        <translation>{0} çekirdek: {1} çekirdekten azıyla en iyisi küçük modeller ve `own_mouth` dudaklarıdır.</translation>
    </message>
    <message>
        <source>{0} cores{1}; without VNNI, so eight bits gain less.</source>
        <translation>{0} çekirdek{1}; VNNI yok, bu yüzden sekiz bit daha az kazandırır.</translation>
    </message>
    <message>
        <source>{0} cores{1}.</source>
        <translation>{0} çekirdek{1}.</translation>
    </message>
    <message>
        <source>How much there is cannot be told here.</source>
        <translation>Ne kadar olduğu burada söylenemiyor.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free: too little for more than the basic engines.</source>
        <translation>{0} GB, {1} boş: temel motorlardan fazlası için çok az.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free: end what you do not need.</source>
        <translation>{0} GB, {1} boş: gerekmeyenleri kapatın.</translation>
    </message>
    <message>
        <source>{0} GB, {1} free.</source>
        <translation>{0} GB, {1} boş.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}): nothing more can be kept.</source>
        <translation>Modellerin ve kayıtların durduğu yerde {0} GB boş ({1}): artık hiçbir şey saklanamaz.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}): too little for the larger models.</source>
        <translation>Modellerin ve kayıtların durduğu yerde {0} GB boş ({1}): büyük modeller için çok az.</translation>
    </message>
    <message>
        <source>{0} GB free where models and recordings lie ({1}).</source>
        <translation>Modellerin ve kayıtların durduğu yerde {0} GB boş ({1}).</translation>
    </message>
    <message>
        <source>It is heard by {0}.</source>
        <translation>Onu duyan: {0}.</translation>
    </message>
    <message>
        <source>It is made when a session starts.</source>
        <translation>Bir oturum başlayınca yapılır.</translation>
    </message>
    <message>
        <source>A session of this program feeds it at this moment.</source>
        <translation>Şu anda bu programın bir oturumu onu besliyor.</translation>
    </message>
    <message>
        <source>Every program hears it.</source>
        <translation>Her program onu duyar.</translation>
    </message>
    <message>
        <source>It is in use: {0} plays into it.</source>
        <translation>Kullanımda: {0} içine ses çalıyor.</translation>
    </message>
    <message>
        <source>“{0}” is the system&apos;s default: programs that are told nothing take it.</source>
        <translation>“{0}” sistemin varsayılanı: kendilerine bir şey söylenmeyen programlar onu kullanır.</translation>
    </message>
    <message>
        <source>The system&apos;s default loudspeaker is ours: what programs play goes into the meeting.</source>
        <translation>Sistemin varsayılan hoparlörü bizimki: programların çaldığı toplantıya gider.</translation>
    </message>
    <message>
        <source>There is no other to take its place.</source>
        <translation>Yerini alacak başka biri yok.</translation>
    </message>
    <message>
        <source>{0} is the default.</source>
        <translation>{0} varsayılan oldu.</translation>
    </message>
    <message>
        <source>Whether it is there shows when a session starts.</source>
        <translation>Olup olmadığı bir oturum başlayınca görülür.</translation>
    </message>
    <message>
        <source>{0} is there.</source>
        <translation>{0} var.</translation>
    </message>
    <message>
        <source>macOS asks once for camera and microphone; see System Settings, Privacy &amp; Security.</source>
        <translation>macOS kamera ve mikrofon için bir kez sorar; Sistem Ayarları, Gizlilik ve Güvenlik bölümüne bakın.</translation>
    </message>
    <message>
        <source>If nothing is seen or heard: Settings, Privacy &amp; security, Camera and Microphone.</source>
        <translation>Hiçbir şey görülmüyor ya da duyulmuyorsa: Ayarlar, Gizlilik ve güvenlik, Kamera ve Mikrofon.</translation>
    </message>
    <message>
        <source>Done: {0}.</source>
        <translation>Yapıldı: {0}.</translation>
    </message>
    <message>
        <source>{0} cores.</source>
        <translation>{0} çekirdek.</translation>
    </message>
    <message>
        <source>Start PipeWire (with pipewire-pulse) or PulseAudio.</source>
        <translation>PipeWire&apos;ı (pipewire-pulse ile) ya da PulseAudio&apos;yu başlatın.</translation>
    </message>
    <message>
        <source>XTTS speaks with a speaker&apos;s own voice. Name the speaker in the setting voice.own; `translated-camera voices learn` teaches it one.</source>
        <translation>XTTS bir konuşmacının kendi sesiyle konuşur. Konuşmacıyı voice.own ayarında belirtin; `translated-camera voices learn` ona bir ses öğretir.</translation>
    </message>
    <message>
        <source>The neural turn judge needs the file {0}. Get it with `translated-camera models pull smart-turn`, or install pipecat-ai, which contains it.</source>
        <translation>Sinirsel sıra yargıcının {0} dosyasına ihtiyacı var. `translated-camera models pull smart-turn` ile alın ya da onu içeren pipecat-ai&apos;yi kurun.</translation>
    </message>
    <message>
        <source>There is no sound device named “{0}”.</source>
        <translation>“{0}” adlı bir ses aygıtı yok.</translation>
    </message>
    <message>
        <source>Install VB-CABLE from {0}.</source>
        <translation>VB-CABLE&apos;ı şuradan kurun: {0}.</translation>
    </message>
    <message>
        <source>Install BlackHole 2ch: {0}.</source>
        <translation>BlackHole 2ch kurun: {0}.</translation>
    </message>
    <message>
        <source>It is UnityCapture, registered as administrator: {0}; or the virtual camera of OBS Studio.</source>
        <translation>Bu, yönetici olarak kaydedilmiş UnityCapture&apos;dır: {0}; ya da OBS Studio&apos;nun sanal kamerası.</translation>
    </message>
    <message>
        <source>It is the virtual camera of OBS Studio 30 or later, started there once and stopped.</source>
        <translation>Bu, OBS Studio 30 ya da sonrasının sanal kamerasıdır; orada bir kez başlatılıp durdurulmuş olmalıdır.</translation>
    </message>
    <message>
        <source>(basic)</source>
        <translation>(temel)</translation>
    </message>
    <message>
        <source>; not {0}:</source>
        <translation>; {0} değil:</translation>
    </message>
    <message>
        <source>There is no camera called {0}.</source>
        <translation>{0} adlı bir kamera yok.</translation>
    </message>
    <message>
        <source>There is no camera at all.</source>
        <translation>Hiç kamera yok.</translation>
    </message>
    <message>
        <source>There is no microphone at all.</source>
        <translation>Hiç mikrofon yok.</translation>
    </message>
    <message>
        <source>There are: {0}.</source>
        <translation>Olanlar: {0}.</translation>
    </message>
    <message>
        <source>The kernel module is loaded.</source>
        <translation>Çekirdek modülü yüklü.</translation>
    </message>
    <message>
        <source>there is no setting {0}; did you mean {1}?</source>
        <translation>{0} diye bir ayar yok; kastedilen {1} olabilir mi?</translation>
    </message>
    <message>
        <source>there is no setting {0}; there are: {1}</source>
        <translation>{0} diye bir ayar yok; olanlar: {1}</translation>
    </message>
    <message>
        <source>there is no section {0}; did you mean {1}?</source>
        <translation>{0} diye bir bölüm yok; kastedilen {1} olabilir mi?</translation>
    </message>
    <message>
        <source>there is no section {0}</source>
        <translation>{0} diye bir bölüm yok</translation>
    </message>
    <message>
        <source>{0} is {1} or more, not {2}</source>
        <translation>{0} en az {1} olur, {2} değil</translation>
    </message>
    <message>
        <source>{0} is {1} or less, not {2}</source>
        <translation>{0} en çok {1} olur, {2} değil</translation>
    </message>
    <message>
        <source>{0} is one of {1}, not {2}</source>
        <translation>{0} şunlardan biridir: {1}; {2} değil</translation>
    </message>
    <message>
        <source>{0} is true or false, not {1}</source>
        <translation>{0} true ya da false olur, {1} değil</translation>
    </message>
    <message>
        <source>{0} is a whole number, not {1}</source>
        <translation>{0} bir tam sayıdır, {1} değil</translation>
    </message>
    <message>
        <source>{0} is a number, not {1}</source>
        <translation>{0} bir sayıdır, {1} değil</translation>
    </message>
    <message>
        <source>{0} is a text in quotes</source>
        <translation>{0} tırnak içinde bir metindir</translation>
    </message>
    <message>
        <source>{0} is a list of texts</source>
        <translation>{0} bir metin listesidir</translation>
    </message>
    <message>
        <source>{0} is a table of texts</source>
        <translation>{0} bir metin tablosudur</translation>
    </message>
    <message>
        <source>this is not TOML: {0}</source>
        <translation>bu TOML değil: {0}</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Start with the desktop, without a window.</source>
        <translation>Masaüstüyle birlikte, penceresiz başlat.</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>Algıla</translation>
    </message>
    <message>
        <source>The system&apos;s</source>
        <translation>Sisteminki</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Otomatik</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Kapalı</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Diller</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Dinleme</translation>
    </message>
    <message>
        <source>Engines</source>
        <translation>Motorlar</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modeller</translation>
    </message>
    <message>
        <source>Graphics cards</source>
        <translation>Ekran kartları</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Tanıma</translation>
    </message>
    <message>
        <source>Translation</source>
        <translation>Çeviri</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Gecikme</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Sözcükler</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>Ses</translation>
    </message>
    <message>
        <source>Captions</source>
        <translation>Altyazılar</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Görüntü</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation>İfade</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Aygıtlar</translation>
    </message>
    <message>
        <source>The others</source>
        <translation>Diğerleri</translation>
    </message>
    <message>
        <source>Guests</source>
        <translation>Konuklar</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Pencere</translation>
    </message>
    <message>
        <source>Where it runs</source>
        <translation>Nerede çalışır</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Gürültü</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Kısayollar</translation>
    </message>
    <message>
        <source>The processor</source>
        <translation>İşlemci</translation>
    </message>
    <message>
        <source>The graphics card</source>
        <translation>Ekran kartı</translation>
    </message>
    <message>
        <source>As for all</source>
        <translation>Hepsi için olduğu gibi</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>Sessiz</translation>
    </message>
    <message>
        <source>Noise suppressor</source>
        <translation>Gürültü bastırıcı</translation>
    </message>
    <message>
        <source>By your lips</source>
        <translation>Dudaklarınızla</translation>
    </message>
    <message>
        <source>Softly under the translation</source>
        <translation>Çevirinin altında hafifçe</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Olduğu gibi</translation>
    </message>
    <message>
        <source>Both languages</source>
        <translation>Her iki dil</translation>
    </message>
    <message>
        <source>Your language</source>
        <translation>Sizin diliniz</translation>
    </message>
    <message>
        <source>Their language</source>
        <translation>Onların dili</translation>
    </message>
    <message>
        <source>At the bottom</source>
        <translation>Altta</translation>
    </message>
    <message>
        <source>At the top</source>
        <translation>Üstte</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Canlı</translation>
    </message>
    <message>
        <source>Dubbed</source>
        <translation>Dublajlı</translation>
    </message>
    <message>
        <source>In this program</source>
        <translation>Bu programda</translation>
    </message>
    <message>
        <source>In a process of its own</source>
        <translation>Kendi sürecinde</translation>
    </message>
    <message>
        <source>On another machine</source>
        <translation>Başka bir makinede</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Açık</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Koyu</translation>
    </message>
    <message>
        <source>The language you speak.</source>
        <translation>Konuştuğunuz dil.</translation>
    </message>
    <message>
        <source>The language the others hear.</source>
        <translation>Başkalarının duyduğu dil.</translation>
    </message>
    <message>
        <source>When you speak the others&apos; language, pass your own voice on; needs Whisper.</source>
        <translation>Diğerlerinin dilini konuştuğunuzda kendi sesinizi ilet; Whisper gerekir.</translation>
    </message>
    <message>
        <source>Seconds of silence that end a segment.</source>
        <translation>Bir bölümü bitiren sessizlik saniyesi.</translation>
    </message>
    <message>
        <source>How far below your voice&apos;s peak silence begins, in dB.</source>
        <translation>Sessizliğin sesinizin tepesinin ne kadar altında başladığı, dB olarak.</translation>
    </message>
    <message>
        <source>Seconds a segment lasts at least.</source>
        <translation>Bir bölümün en az sürdüğü saniye.</translation>
    </message>
    <message>
        <source>Seconds after which a segment is cut.</source>
        <translation>Bir bölümün kesildiği saniye.</translation>
    </message>
    <message>
        <source>How surely a sentence must be over to be sent before the pause ends.</source>
        <translation>Duraklama bitmeden gönderilmesi için bir cümlenin ne kadar kesin bitmiş olması gerektiği.</translation>
    </message>
    <message>
        <source>Cut at the ends of clauses when you do not pause.</source>
        <translation>Durmadığınızda yan cümle sonlarında kes.</translation>
    </message>
    <message>
        <source>Seconds of speech after which a clause&apos;s end may be cut at.</source>
        <translation>Yan cümle sonunda kesilebilmesi için konuşma saniyesi.</translation>
    </message>
    <message>
        <source>What keeps noise and other voices away: nothing, a noise suppressor, or your lips.</source>
        <translation>Gürültüyü ve başka sesleri uzak tutan: hiçbir şey, gürültü bastırıcı veya dudaklarınız.</translation>
    </message>
    <message>
        <source>How far that may go, 0 being not at all.</source>
        <translation>Bunun ne kadar ileri gidebileceği; 0 hiç demektir.</translation>
    </message>
    <message>
        <source>What tells speech from noise.</source>
        <translation>Konuşmayı gürültüden ayıran.</translation>
    </message>
    <message>
        <source>What judges whether a sentence is over.</source>
        <translation>Bir cümlenin bitip bitmediğine karar veren.</translation>
    </message>
    <message>
        <source>What recognises your words.</source>
        <translation>Sözlerinizi tanıyan.</translation>
    </message>
    <message>
        <source>What translates them.</source>
        <translation>Onları çeviren.</translation>
    </message>
    <message>
        <source>What speaks the translation.</source>
        <translation>Çeviriyi seslendiren.</translation>
    </message>
    <message>
        <source>What finds your face.</source>
        <translation>Yüzünüzü bulan.</translation>
    </message>
    <message>
        <source>What moves your lips.</source>
        <translation>Dudaklarınızı hareket ettiren.</translation>
    </message>
    <message>
        <source>Where neural networks compute: the graphics card, the processor, or what is best.</source>
        <translation>Sinir ağlarının hesaplandığı yer: ekran kartı, işlemci veya en iyisi.</translation>
    </message>
    <message>
        <source>The model that recognises; empty: the best that is here.</source>
        <translation>Tanıyan model; boş: buradakilerin en iyisi.</translation>
    </message>
    <message>
        <source>The model that translates; empty: the best that is here.</source>
        <translation>Çeviren model; boş: buradakilerin en iyisi.</translation>
    </message>
    <message>
        <source>The neural voice; empty: the best that is here.</source>
        <translation>Sinirsel ses; boş: buradakilerin en iyisi.</translation>
    </message>
    <message>
        <source>Where your words are recognised.</source>
        <translation>Sözlerinizin tanındığı yer.</translation>
    </message>
    <message>
        <source>Where the voice is made.</source>
        <translation>Sesin üretildiği yer.</translation>
    </message>
    <message>
        <source>Where your lips are drawn.</source>
        <translation>Dudaklarınızın çizildiği yer.</translation>
    </message>
    <message>
        <source>How full a card&apos;s memory may get before fewer lips are drawn at a time.</source>
        <translation>Bir kartın belleği ne kadar dolunca bir seferde daha az dudak çizileceği.</translation>
    </message>
    <message>
        <source>Ways of understanding weighed up at a time.</source>
        <translation>Aynı anda tartılan yorumlar.</translation>
    </message>
    <message>
        <source>The same, when what came out first is doubted.</source>
        <translation>İlk sonuçtan kuşku duyulunca aynısı.</translation>
    </message>
    <message>
        <source>Hear short segments in short windows: faster, at some risk.</source>
        <translation>Kısa bölümleri kısa pencerelerde dinle: daha hızlı, biraz riskli.</translation>
    </message>
    <message>
        <source>Sound below this is not listened to, in dB.</source>
        <translation>Bunun altındaki ses dinlenmez, dB olarak.</translation>
    </message>
    <message>
        <source>How surely nobody speaks before an unsure text is dropped.</source>
        <translation>Kuşkulu bir metin atılmadan önce kimsenin konuşmadığının kesinliği.</translation>
    </message>
    <message>
        <source>How unsure a text may be before it is doubted.</source>
        <translation>Bir metin kuşku uyandırmadan ne kadar belirsiz olabilir.</translation>
    </message>
    <message>
        <source>How repetitive a text may be before it is doubted.</source>
        <translation>Bir metin kuşku uyandırmadan ne kadar yinelenebilir.</translation>
    </message>
    <message>
        <source>How often in a row the same words are believed.</source>
        <translation>Aynı sözcüklere art arda kaç kez inanılır.</translation>
    </message>
    <message>
        <source>Translations weighed up at a time.</source>
        <translation>Aynı anda tartılan çeviriler.</translation>
    </message>
    <message>
        <source>Above 1, longer translations are preferred.</source>
        <translation>1&apos;in üstünde daha uzun çeviriler yeğlenir.</translation>
    </message>
    <message>
        <source>What runs Opus-MT.</source>
        <translation>Opus-MT&apos;yi çalıştıran.</translation>
    </message>
    <message>
        <source>Seconds the translation may stay behind you.</source>
        <translation>Çevirinin arkanızda kalabileceği saniye.</translation>
    </message>
    <message>
        <source>The fastest the voice may speak.</source>
        <translation>Sesin konuşabileceği en yüksek hız.</translation>
    </message>
    <message>
        <source>When behind: speak faster.</source>
        <translation>Geride kalınca: daha hızlı konuş.</translation>
    </message>
    <message>
        <source>When further behind: leave out fillers.</source>
        <translation>Daha geride kalınca: dolgu sözlerini atla.</translation>
    </message>
    <message>
        <source>When still further behind: translate more briefly.</source>
        <translation>Daha da geride kalınca: daha kısa çevir.</translation>
    </message>
    <message>
        <source>When nothing else helps: show, do not speak.</source>
        <translation>Başka çare kalmayınca: göster, konuşma.</translation>
    </message>
    <message>
        <source>Leave out um, uh and their like.</source>
        <translation>&quot;Iıı&quot;, &quot;şey&quot; ve benzerlerini atla.</translation>
    </message>
    <message>
        <source>Words and names that are never translated.</source>
        <translation>Hiç çevrilmeyen sözcükler ve adlar.</translation>
    </message>
    <message>
        <source>Your own translations of words and phrases.</source>
        <translation>Sözcükler ve deyişler için kendi çevirileriniz.</translation>
    </message>
    <message>
        <source>The voice, by the name its engine gives it; empty: its own choice.</source>
        <translation>Ses, motorunun verdiği adla; boş: kendi seçimi.</translation>
    </message>
    <message>
        <source>The speaker whose own voice is imitated, with consent; needs XTTS.</source>
        <translation>Kendi sesi, rızasıyla taklit edilen konuşmacı; XTTS gerekir.</translation>
    </message>
    <message>
        <source>How fast the voice speaks, 1 being its own pace.</source>
        <translation>Sesin konuşma hızı; 1 kendi hızıdır.</translation>
    </message>
    <message>
        <source>Your own voice: silent, softly under the translation, or as it is.</source>
        <translation>Kendi sesiniz: sessiz, çevirinin altında hafifçe veya olduğu gibi.</translation>
    </message>
    <message>
        <source>How loud your own voice stays under the translation, in dB.</source>
        <translation>Çevirinin altında kendi sesinizin düzeyi, dB olarak.</translation>
    </message>
    <message>
        <source>Show captions in the picture.</source>
        <translation>Görüntüde altyazı göster.</translation>
    </message>
    <message>
        <source>Which captions are shown.</source>
        <translation>Hangi altyazılar gösterilir.</translation>
    </message>
    <message>
        <source>Size of the captions, 1 being the usual one.</source>
        <translation>Altyazı boyutu; 1 olağan boyuttur.</translation>
    </message>
    <message>
        <source>Where captions stand.</source>
        <translation>Altyazıların yeri.</translation>
    </message>
    <message>
        <source>Live: no delay, lips follow the voice. Dubbed: the picture waits for the voice.</source>
        <translation>Canlı: gecikme yok, dudaklar sesi izler. Dublajlı: görüntü sesi bekler.</translation>
    </message>
    <message>
        <source>Seconds the dubbed picture waits.</source>
        <translation>Dublajlı görüntünün beklediği saniye.</translation>
    </message>
    <message>
        <source>Hold the mouth at rest while you speak and nothing is heard.</source>
        <translation>Siz konuşurken ve bir şey duyulmuyorken ağzı dinlenir tut.</translation>
    </message>
    <message>
        <source>Mark the picture as translated by a machine.</source>
        <translation>Görüntüyü makine çevirisi olarak işaretle.</translation>
    </message>
    <message>
        <source>Show that a translation is on its way and how long it takes.</source>
        <translation>Bir çevirinin yolda olduğunu ve süresini göster.</translation>
    </message>
    <message>
        <source>The speaker whose learnt mouth is used.</source>
        <translation>Öğrenilmiş ağzı kullanılan konuşmacı.</translation>
    </message>
    <message>
        <source>Match the light of the drawn mouth to the picture.</source>
        <translation>Çizilen ağzın ışığını görüntüye uydur.</translation>
    </message>
    <message>
        <source>Match its sharpness.</source>
        <translation>Netliğini uydur.</translation>
    </message>
    <message>
        <source>Match its colour.</source>
        <translation>Rengini uydur.</translation>
    </message>
    <message>
        <source>Add a smile.</source>
        <translation>Gülümseme ekle.</translation>
    </message>
    <message>
        <source>Raise the brows.</source>
        <translation>Kaşları kaldır.</translation>
    </message>
    <message>
        <source>Open the eyes.</source>
        <translation>Gözleri aç.</translation>
    </message>
    <message>
        <source>The camera, by name; empty: the system&apos;s.</source>
        <translation>Kamera, adıyla; boş: sisteminki.</translation>
    </message>
    <message>
        <source>The microphone, by name; empty: the system&apos;s.</source>
        <translation>Mikrofon, adıyla; boş: sisteminki.</translation>
    </message>
    <message>
        <source>How meeting programs get the picture: auto, off, or a way by name.</source>
        <translation>Toplantı programları görüntüyü nasıl alır: auto, off veya adıyla bir yol.</translation>
    </message>
    <message>
        <source>How meeting programs get the voice: auto, off, or a device by name.</source>
        <translation>Toplantı programları sesi nasıl alır: auto, off veya adıyla bir aygıt.</translation>
    </message>
    <message>
        <source>Translate what the others say, for you.</source>
        <translation>Diğerlerinin söylediklerini sizin için çevir.</translation>
    </message>
    <message>
        <source>Whose sound that is: a program or a device; empty: every program&apos;s.</source>
        <translation>Kimin sesi: bir program ya da aygıt; boş: bütün programların.</translation>
    </message>
    <message>
        <source>The language they speak; empty: the one they hear from you.</source>
        <translation>Konuştukları dil; boş: sizden duydukları dil.</translation>
    </message>
    <message>
        <source>The language you hear; empty: the one you speak.</source>
        <translation>Duyduğunuz dil; boş: konuştuğunuz dil.</translation>
    </message>
    <message>
        <source>Where you hear it, by name; empty: the system&apos;s output.</source>
        <translation>Nereden duyduğunuz, adıyla; boş: sistemin çıkışı.</translation>
    </message>
    <message>
        <source>Say the translation; else it is only shown.</source>
        <translation>Çeviriyi seslendir; yoksa yalnızca gösterilir.</translation>
    </message>
    <message>
        <source>Their own voices: softly while the translation is heard, or as they are.</source>
        <translation>Kendi sesleri: çeviri duyulurken kısık ya da olduğu gibi.</translation>
    </message>
    <message>
        <source>How loud they stay under the translation, in dB.</source>
        <translation>Çevirinin altında ne kadar yüksek kaldıkları, dB olarak.</translation>
    </message>
    <message>
        <source>Who else speaks at this machine, each into a microphone of their own.</source>
        <translation>Bu bilgisayarda başka kimlerin konuştuğu; her biri kendi mikrofonuna.</translation>
    </message>
    <message>
        <source>Language of this window; auto: the system&apos;s.</source>
        <translation>Bu pencerenin dili; auto: sisteminki.</translation>
    </message>
    <message>
        <source>Colours.</source>
        <translation>Renkler.</translation>
    </message>
    <message>
        <source>Go on in the notification area when the window is closed.</source>
        <translation>Pencere kapanınca bildirim alanında sürdür.</translation>
    </message>
    <message>
        <source>Start or stop the translation.</source>
        <translation>Çeviriyi başlat veya durdur.</translation>
    </message>
    <message>
        <source>Pass your own picture and voice on, at once, and back.</source>
        <translation>Kendi görüntünüzü ve sesinizi hemen ilet, ve geri.</translation>
    </message>
    <message>
        <source>Mute, and back.</source>
        <translation>Sessize al, ve geri.</translation>
    </message>
    <message>
        <source>Translate while this key is held (push to translate).</source>
        <translation>Bu tuş basılıyken çevir (bas ve çevir).</translation>
    </message>
    <message>
        <source>Where words are recognised.</source>
        <translation>Sözcüklerin tanındığı yer.</translation>
    </message>
    <message>
        <source>Where they are translated.</source>
        <translation>Çevrildikleri yer.</translation>
    </message>
    <message>
        <source>Where the translation is spoken.</source>
        <translation>Çevirinin seslendirildiği yer.</translation>
    </message>
    <message>
        <source>Where lips are drawn; with a broker, where a voice without a mouth gets one.</source>
        <translation>Dudakların çizildiği yer; aracıyla, ağzı olmayan bir sesin ağız aldığı yer.</translation>
    </message>
    <message>
        <source>The broker&apos;s address, as amqp://user:password@host/.</source>
        <translation>Aracının adresi, amqp://kullanıcı:parola@makine/ biçiminde.</translation>
    </message>
</context>
</TS>
