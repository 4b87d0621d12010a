import { type Language, list, row } from "./language.ts";

/** In Devanagari, and as it is commonly typed in Latin letters. */
export const hindi: Language = {
  code: "hi",
  name: "हिन्दी",
  messages: {
    greeting: "{{ application.name }} में आपका स्वागत है। हम आपकी क्या मदद कर सकते हैं?",
    notUnderstood: "क्षमा करें, आपका संदेश समझ में नहीं आया।",
    failure: "क्षमा करें, हम अभी आपके संदेश का जवाब नहीं दे सकते।",
    outOfHours: "{{ application.name }} अभी बंद है।{% if opens %} अगली बार खुलेगा: {{ opens }}।{% endif %}",
    holiday:
      "{{ application.name }} आज बंद है{% if holiday %} ({{ holiday }}){% endif %}।{% if opens %} अगली बार खुलेगा: {{ opens }}।{% endif %}",
    sessionEnded: "यह बातचीत समाप्त हो गई है। आप कभी भी फिर लिख सकते हैं।",
    fileTooLarge: "फ़ाइल बहुत बड़ी है।{% if limit %} सीमा {{ limit }} है।{% endif %} कृपया छोटी फ़ाइल भेजें।",
    fileTypeNotSupported: "क्षमा करें, हम इस तरह की फ़ाइल नहीं खोल सकते।",
    stillThere: "क्या आप अभी भी यहाँ हैं? आगे बढ़ने के लिए जवाब दें।",
    goodbye: "{{ application.name }} को लिखने के लिए धन्यवाद। नमस्ते!",
    choiceNotClear: "क्षमा करें, यह विकल्पों में से कोई नहीं है।",
    didYouMean: "क्या आपका मतलब इनमें से किसी एक से था? कृपया नंबर भेजें।",
    answerNumber: "{% if count == 1 %}कृपया 1 लिखकर जवाब दें।{% else %}कृपया 1 से {{ count }} तक का कोई नंबर भेजें।{% endif %}",
    answerYesOrNo: "कृपया हाँ या नहीं में जवाब दें।",
    notANumber: "कृपया एक संख्या भेजें, जैसे 12।",
    notADate: "कृपया एक तारीख़ भेजें, जैसे 25 मार्च।",
    notAnEmail: "यह ईमेल पता सही नहीं लगता। कृपया फिर से भेजें।",
    notAPhone: "यह फ़ोन नंबर सही नहीं लगता। कृपया फिर से भेजें।",
    doesNotFit: "यह सही रूप में नहीं है। कृपया फिर से भेजें।",
    uploadWanted: "कृपया एक तस्वीर या उसका लिंक भेजें।",
    more: "और देखें",
    help: "{{ application.name }}: आप कभी भी लिख सकते हैं: {{ words }}।",
    noAgent: "क्षमा करें, अभी कोई उपलब्ध नहीं है। कृपया बाद में कोशिश करें।",
    nothingBefore: "यह शुरुआत है, इससे पहले कुछ नहीं है।",
    tryLater: "क्षमा करें, यह नहीं हो पाया। कृपया बाद में कोशिश करें।",
    oneMoment: "कृपया एक क्षण रुकें।",
    notificationHeading: "एक सूचना आई है। उसे देखकर आप बातचीत जारी रख सकते हैं।",
    lists:
      "सूचनाएं:{% for list in lists %}\n{{ forloop.index }}. {{ list.title }}: {% if list.on %}चालू{% elsif list.asked %}हाँ बाकी{% else %}बंद{% endif %}{% endfor %}\nSTART 1 या STOP 1 लिखें।",
    noLists: "आपके लिए यहाँ कोई सूचना नहीं है।",
    whichList: "कौन सी? उसका नंबर लिखें।{% for list in lists %}\n{{ forloop.index }}. {{ list.title }}{% endfor %}",
    subscribed: "{{ list }}: चालू। बंद करने के लिए STOP {{ number }} लिखें।",
    unsubscribed: "{{ list }}: बंद। चालू करने के लिए START {{ number }} लिखें।",
    confirmSubscription: "{{ list }} चालू करने के लिए हाँ लिखें।",
    optedOut: "अब {{ application.name }} के संदेश नहीं आएंगे। फिर चाहिए तो START लिखें।",
    optedIn: "{{ application.name }} के संदेश फिर चालू हैं। मदद: HELP, बंद: STOP।",
    helpInfo: "{{ application.name }}: अपना सवाल लिखें। शुल्क लग सकता है। बंद: STOP।",
  },
  words: {
    yes: list(`
      हाँ, हां, हा, हाँ जी, हां जी, जी हाँ, जी हां, जी, हूँ, हम्म हाँ, बिल्कुल, बिलकुल, ज़रूर, जरूर, ठीक, ठीक है, ठिक है, सही, सही है, सही बात, सच, अच्छा, बढ़िया, ओके, ओक,
      यस, हाँ हाँ, क्यों नहीं हाँ, पक्का, मंज़ूर, मंजूर, मंज़ूर है, स्वीकार, कर दो, कर दीजिए, हाँ कर दो, हाँ कर दीजिए, चलेगा, चलो, बेशक, अवश्य, हो, हाँ सही है,
      haan, han, haa, ha, haanji, haan ji, han ji, ji haan, ji han, ji ha, ji, hanji, hnji, hn, bilkul, zaroor, jarur, zarur, jaroor, theek, thik, theek hai,
      thik hai, thk hai, tik hai, sahi, sahi hai, sach, accha, acha, achha, badhiya, pakka, manzoor, manjoor, kar do, kardo, kar dijiye, chalega, chalo, avashya,
      beshak, ok, okay, ok ji, haan bilkul, hanjee, ji bilkul`),
    no: list(`
      नहीं, नही, नहि, ना, न, नहीं जी, जी नहीं, जी नही, नहीं नहीं, बिल्कुल नहीं, बिलकुल नहीं, कभी नहीं, अभी नहीं, आज नहीं, मत, मत करो, मत कीजिए, गलत, ग़लत, गलत है, ग़लत है,
      सही नहीं, सही नहीं है, ठीक नहीं, ठीक नहीं है, नहीं चाहिए, मुझे नहीं चाहिए, नो, रहने दो, रहने दीजिए, ना जी, कुछ नहीं, हरगिज़ नहीं, मंज़ूर नहीं,
      nahi, nahin, nhi, nahee, nai, nahi ji, ji nahi, ji nahin, na, naa, na ji, nahi nahi, bilkul nahi, kabhi nahi, abhi nahi, aaj nahi, mat, mat karo, mat kijiye,
      galat, galat hai, sahi nahi, sahi nahi hai, theek nahi, theek nahi hai, thik nahi hai, nahi chahiye, mujhe nahi chahiye, rehne do, rahne do, rehne dijiye, kuch nahi,
      nahi karna, no ji`),
    unsure: list(`
      शायद, पता नहीं, मुझे पता नहीं, मालूम नहीं, मुझे नहीं पता, नहीं पता, हाँ और नहीं, क्यों नहीं, देखते हैं, हो सकता है, पक्का नहीं, कह नहीं सकते, कोई बात नहीं,
      shayad, pata nahi, mujhe pata nahi, malum nahi, maloom nahi, mujhe nahi pata, nahi pata, kyun nahi, kyu nahi, kyon nahi, dekhte hain, dekhte hai,
      ho sakta hai, pakka nahi, koi baat nahi, maybe, not sure`),
    negations: list(
      "कोई नहीं, कोई भी नहीं, इनमें से कोई नहीं, के अलावा, बिना, लेकिन, मगर, koi nahi, koi bhi nahi, inme se koi nahi, ke alawa, bina, lekin, magar",
    ),
    neither: list(`
      कोई भी, दोनों, सब, सभी, कुछ और, दूसरा कोई, koi bhi, dono, sab, sabhi, kuch aur, क्या, कौन, कितना, कितने, कितनी, कैसे, कब, कहाँ, क्यों,
      kya, kaun, kitna, kitne, kitni, kaise, kab, kahan, kyun`),
    numbers: row(`
      एक/ek/one, दो/do/two, तीन/teen/tin/three, चार/char/chaar/four, पाँच/पांच/paanch/panch/five, छह/छः/छ/chhe/chah/che/chhah/six, सात/saat/sat/seven,
      आठ/aath/ath/eight, नौ/nau/nine, दस/das/dus/ten, ग्यारह/gyarah/eleven, बारह/barah/twelve, तेरह/terah/thirteen, चौदह/chaudah/fourteen, पंद्रह/पन्द्रह/pandrah/fifteen,
      सोलह/solah/sixteen, सत्रह/satrah/seventeen, अठारह/atharah/eighteen, उन्नीस/unnis/nineteen, बीस/bees/twenty`),
    ordinals: row(`
      पहला/पहली/पहले/प्रथम/pehla/pehli/pehle/pahla/pahli/pahle/first, दूसरा/दूसरी/दूसरे/दुसरा/दुसरी/doosra/doosri/dusra/dusri/doosre/dusre/second,
      तीसरा/तीसरी/तीसरे/teesra/teesri/tisra/tisri/teesre/third, चौथा/चौथी/चौथे/chautha/chauthi/chauthe/fourth,
      पाँचवाँ/पांचवां/पाँचवीं/पांचवीं/पाँचवा/पांचवा/paanchva/panchva/paanchvi/panchvi/paanchwa/panchwa/fifth, छठा/छठी/chhatha/chhata/chhathi/sixth,
      सातवाँ/सातवां/सातवीं/saatva/satva/saatvi/saatwa/seventh, आठवाँ/आठवां/आठवीं/aathva/athva/aathvi/aathwa/eighth, नौवाँ/नौवां/नौवीं/nauva/nauvi/ninth,
      दसवाँ/दसवां/दसवीं/dasva/dasvi/daswa/tenth`),
    ordinalEndings: list(
      "ला, ली, रा, री, था, थी, वाँ, वां, वा, वीं, वी, ra, ri, la, li, tha, thi, va, vi, wa, st, nd, rd, th",
    ),
    last: list("आखिरी, आख़िरी, अंतिम, आखरी, aakhiri, aakhri, akhri, antim, last"),
    numbering: list("विकल्प, नंबर, नम्बर, संख्या, क्रमांक, ऑप्शन, vikalp, number, nambar, option, no, num, nr"),
    joining: list("और, या, aur, ya, and, or"),
    small: list(`
      कृपया, प्लीज़, प्लीज, धन्यवाद, शुक्रिया, बहुत धन्यवाद, बहुत शुक्रिया, थैंक्स, थैंक यू, वाला, वाली, वाले, मुझे, मुझको, मैं, हमें, हम, को, का, की, के, में, से, है, हैं, चाहिए, चाहिये,
      चाहूँगा, चाहूंगा, चाहूँगी, चाहूंगी, चाहता हूँ, चाहती हूँ, चाहता हूं, चाहती हूं, लूँगा, लूंगा, लूँगी, लूंगी, लेंगे, लेना है, दे दो, दे दीजिए, दीजिए, दीजिये, दो ना, दें, भाई, जी, मेरा, मेरी,
      मेरे लिए, बस, सिर्फ़, सिर्फ, तो, यह, ये, वह, वो, ही, नमस्ते, नमस्कार, विकल्प, नंबर, नम्बर, ऑप्शन, जवाब, मेरा जवाब, अभी, आज, सर, मैडम,
      kripya, please, pls, plz, dhanyavaad, dhanyavad, shukriya, bahut shukriya, thanks, thank you, thx, wala, wali, wale, vala, vali, vale, mujhe, mujhko, mujhey, main, mai,
      hume, hamein, hum, ko, ka, ki, ke, mein, me, se, hai, hain, chahiye, chaiye, chahie, chahiy, chahunga, chahungi, chahta hu, chahta hun, chahti hu, chahti hun, lunga, lungi,
      loonga, loongi, lenge, lena hai, de do, dedo, de dijiye, dijiye, dijie, bhai, bhaiya, mera, meri, mere liye, bas, sirf, to, yeh, ye, woh, wo, hi,
      namaste, namaskar, vikalp, number, nambar, option, jawab, mera jawab, abhi, aaj, sir, madam, the, one, I want`),
    lists: {
      show: list("सूचना, सूचनाएं, सूचनाएँ"),
      on: list("चालू, शुरू"),
      off: list("बंद"),
    },
    commands: {
      menu: list(
        "मेनू, मेन्यू, मुख्य मेनू, मुख्य मेन्यू, शुरू से, फिर से शुरू, मेनू दिखाओ, menu dikhao, mukhya menu, shuru se, phir se shuru",
      ),
      help: list(
        "मदद, सहायता, हेल्प, मदद करो, मदद चाहिए, मुझे मदद चाहिए, madad, sahayata, madad karo, madad chahiye, mujhe madad chahiye",
      ),
      agent: list(`
        एजेंट, व्यक्ति, इंसान, ऑपरेटर, प्रतिनिधि, किसी से बात, किसी से बात करनी है, मुझे किसी से बात करनी है, किसी व्यक्ति से बात करनी है, एजेंट से बात करनी है,
        insaan, vyakti, pratinidhi, kisi se baat, kisi se baat karni hai, mujhe kisi se baat karni hai, agent se baat karni hai, mujhe agent se baat karni hai,
        agent chahiye`),
      back: list("वापस, पीछे, पिछला, वापस जाओ, वापस जाएँ, पीछे जाओ, wapas, vapas, peeche, piche, pichla, wapas jao"),
      exit: list("समाप्त, बंद करो, बाहर, अलविदा, निकलो, band karo, samapt, alvida, bahar"),
      more: list("और, और देखें, और दिखाओ, अगला, आगे, और विकल्प, aur, aur dikhao, agla, aage, aur dekhe, aur vikalp"),
    },
  },
};
