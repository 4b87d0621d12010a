import { type Language, parseWordRows, parseWords } from "./language.ts";

export const english: Language = {
  code: "en",
  name: "English",
  messages: {
    greeting: "Welcome to {{ application.name }}. How can we help you?",
    notUnderstood: "Sorry, I didn't understand that.",
    failure: "We're sorry, but we can't respond to your message.",
    outOfHours: "{{ application.name }} is closed right now.{% if opens %} We open again {{ opens }}.{% endif %}",
    holiday:
      "{{ application.name }} is closed today{% if holiday %} ({{ holiday }}){% endif %}.{% if opens %} We open again {{ opens }}.{% endif %}",
    sessionEnded: "This conversation has ended. Text us again anytime.",
    fileTooLarge:
      "Sorry, that file is too large.{% if limit %} The limit is {{ limit }}.{% endif %} Please send a smaller one.",
    fileTypeNotSupported: "Sorry, we can't open that type of file.",
    stillThere: "Are you still there? Just reply to continue.",
    goodbye: "Thank you for texting {{ application.name }}. Goodbye!",
    choiceNotClear: "Sorry, that's not one of the options.",
    didYouMean: "Did you mean one of these? Please reply with its number.",
    answerNumber:
      "{% if count == 1 %}Please reply 1.{% else %}Please reply with a number from 1 to {{ count }}.{% endif %}",
    answerYesOrNo: "Please answer yes or no.",
    notANumber: "Please reply with a number, such as 12.",
    notADate: "Please reply with a date, such as March 25.",
    notAnEmail: "That doesn't look like an email address. Please try again.",
    notAPhone: "That doesn't look like a phone number. Please try again.",
    doesNotFit: "That doesn't have the right format. Please try again.",
    uploadWanted: "Please send a picture or a link to one.",
    more: "More",
    help: "{{ application.name }}: you can text {{ words }} at any time.",
    noAgent: "Sorry, no one is free to take over right now. Please try again later.",
    linkPin: "To sign in, please send your PIN{% if exit %}, or {{ exit }} to cancel{% endif %}.",
    linkCode: "Please send the 6-digit code from your authenticator app.",
    linkTextedCode: "{{ code }} is your code. Please reply with it within 10 minutes.",
    linkSentCode: "Please send the 6-digit code that we texted you.",
    linkPage: "Sign in here within 10 minutes",
    linkOnPage: "Please sign in with the link that we sent you{% if exit %}, or send {{ exit }} to cancel{% endif %}.",
    linkWrong: "That wasn't right. Please try again{% if exit %}, or send {{ exit }} to cancel{% endif %}.",
    linked: "You are signed in{% if person.name %}, {{ person.name }}{% endif %}.",
    linkFailed: "We couldn't sign you in. You can continue as a guest.",
    linkLocked:
      "Sign-in is locked after three incorrect tries. Please contact us; in the meantime you can continue as a guest.",
    unlinked: "You are signed out.",
    nothingBefore: "You're at the beginning, so there's nothing to go back to.",
    tryLater: "Sorry, that didn't work. Please try again later.",
    oneMoment: "One moment, please.",
    notificationHeading: "You have a new notification. You can continue our conversation after reading it.",
    lists:
      "Notifications:{% for list in lists %}\n{{ forloop.index }}. {{ list.title }}: {% if list.on %}on{% elsif list.asked %}waiting for your YES{% else %}off{% endif %}{% endfor %}\nText START or STOP with a number, such as START 1.",
    noLists: "There are no notifications to choose from here.",
    whichList:
      "Which one? Please reply with its number.{% for list in lists %}\n{{ forloop.index }}. {{ list.title }}{% endfor %}",
    subscribed: "{{ list }}: on. To switch it off, text STOP {{ number }}.",
    unsubscribed: "{{ list }}: off. To switch it on, text START {{ number }}.",
    confirmSubscription: "Reply YES to switch on {{ list }}.",
    optedOut:
      "You've opted out of texts from {{ application.name }} and won't get any more. Text START to opt back in.",
    optedIn: "You've opted back in to texts from {{ application.name }}. Text HELP for help or STOP to opt out.",
    helpInfo:
      "{{ application.name }}: just text us your question. Message and data rates may apply. Text STOP to opt out.",
    tooFast: "You've sent a lot of texts in a short time. Please wait a minute, then text again.",
  },
  words: {
    yes: parseWords(`
      y, yes, yeah, yea, yeh, yep, yup, yess, yas, ye, ya, yah, yse, aye, uh huh, mhm, sure, sure thing, for sure, of course, ofc,
      ok, okay, okey, okie, oki, okey dokey, okie dokie, k, kk, okk, alright, all right, fine, that's fine, sounds good, sounds great, good,
      great, perfect, cool, right, correct, that's right, that's correct, that is right, that is correct, exactly, true, indeed,
      please do, do it, go ahead, go for it, let's do it, let's go, absolutely, definitely, certainly, totally, affirmative, agreed,
      I do, I am, I did, I would, I will, it is, I agree, I confirm, confirm, confirmed, works for me, that works, by all means, yes I do,
      yes I am, yes it is, yes that's right, yes that is right, you bet, with pleasure, hell yes, I think so`),
    no: parseWords(`
      n, no, nope, nah, nay, naw, noo, nop, nope nope, not really, not now, not today, not yet, not at all, no way, wrong, that's wrong,
      incorrect, that's not right, that is not right, not right, not correct, that's not correct, false, negative, never, don't, dont, do not,
      please don't, please do not, I don't, I dont, I do not, I'm not, I am not, I did not, I didn't, it is not, it's not, it isn't, absolutely not,
      definitely not, certainly not, of course not, not ok, not okay, I'm good, no I don't, no I'm not, no I do not, not interested, I disagree,
      no thanks I'm good, nothing, hell no, I don't think so, I dont think so, I do not think so`),
    unsure: parseWords(`
      maybe, perhaps, possibly, not sure, I'm not sure, I am not sure, im not sure, unsure, don't know, dont know, I don't know, I dont know, idk,
      dunno, no idea, why not, yes and no, it depends, depends, hmm, not yet sure, I guess not sure, no problem, no worries`),
    negations: parseWords(
      "none, none of them, none of these, none of those, neither, neither of them, nor, not, without, except, but, instead of, cannot, cant, wont",
    ),
    neither: parseWords(`
      nothing, any, any of them, anything, either of them, other, others, another, something else, anything else, everything, all,
      all of them, both, both of them, whatever, whichever, what, which, which one, how, how much, why, when, where, who`),
    numbers: parseWordRows(
      "one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen, twenty",
    ),
    ordinals: parseWordRows(
      "first/frist, second/secound, third/thrid, fourth/forth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth, thirteenth, fourteenth, fifteenth, sixteenth, seventeenth, eighteenth, nineteenth, twentieth",
    ),
    ordinalEndings: parseWords("st, nd, rd, th"),
    last: parseWords("last, the last, the very last, final"),
    numbering: parseWords("option, number, numbers, no, nr, num, nbr, choice, item, answer"),
    joining: parseWords("and, or, either"),
    small: parseWords(`
      please, pls, plz, plse, pleas, thanks, thank you, thank u, thankyou, thx, thnx, ty, tnx, cheers, thanks a lot, thanks so much, thank you very much,
      thank you so much, many thanks, a, an, the, that, this, it, one, ones, the one, this one, that one, the ones, it's, its, that's, is, of, for me, me, my, to,
      I'd like, I would like, Id like, I'd love, I would love, I like, I want, I wanna, I wanted, I need, I'll have, I will have, I'll take, I will take,
      Ill have, Ill take, I'll go with, I'll go for, I will go with, I'd go with, I'd go for, Ill go with, I choose, I chose, I pick, I'd pick, I select,
      I prefer, I'd prefer, I'd rather have, I think, I think I'll have, I think I'll take, I guess, I mean, I meant, I'm going with, I am going with,
      we'd like, we would like, we want, we'll have, we'll take, we will have, let me have, let me get, let's go with, let's take, let's have,
      can I have, can I get, could I have, could I get, may I have, can we have, can you give me, could you give me, give me, gimme, get me, go with, go for,
      take, have, make it, choose, pick, select, just, only, probably, then, so, well, um, uh, oh, ah, er, hey, hi, hello, hi there, again, instead,
      now, today, would be great, would be nice, would be good, would be fine, would be lovely, if possible, if I may, sir, madam, mate, dear,
      option, number, choice, item, size, at, my answer is, my choice is, the answer is, for the, with the`),
    lists: {
      show: parseWords("notification, notifications"),
      on: parseWords("on, subscribe, switch on, turn on"),
      off: parseWords("off, unsubscribe, switch off, turn off"),
    },
    commands: {
      menu: parseWords(
        "menu, main menu, the menu, start over, start again, restart, home, go to menu, go to the menu, show menu",
      ),
      help: parseWords(
        "help, help me, info, ?, what can you do, what can I do, what can I say, commands, I need help, help please",
      ),
      agent: parseWords(`
        agent, human, person, operator, representative, live agent, real person, a person, a human, an agent, customer service, support,
        talk to an agent, talk to a human, talk to a person, talk to someone, speak to an agent, speak to a human, speak to a person,
        speak to someone, speak with an agent, I want to talk to an agent, I want to talk to a human, I want to talk to a person,
        I want to speak to an agent, I want to speak to a human, I want to speak to a person, I want to speak to someone,
        agent please, human please, call me`),
      back: parseWords("back, go back, previous, back please, one step back, step back, undo"),
      exit: parseWords("exit, leave, close, bye, goodbye, bye bye, good bye, I'm done"),
      more: parseWords(
        "more, show more, next, next page, more options, more please, see more, show me more, others, other options",
      ),
      login: parseWords(
        "login, log in, log me in, sign in, sign me in, link, link me, link account, link my account, verify me",
      ),
      logout: parseWords("logout, log out, log off, log me out, sign out, sign me out, unlink"),
    },
  },
};
