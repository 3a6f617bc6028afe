"""What each field of a scenario, of a principles file and of a programme is for, as an editor shows it to a trainer."""

from __future__ import annotations

from servicesim.scenario import model, principles, programme

#: By model, then by the name that stands in the file.
WORDS: dict[type, dict[str, str]] = {
    model.Feel: {
        "expects": "Points added to what the customer expects, of 100; with a minus they are taken away.",
        "received": "Points added to what the customer has received, of 100.",
        "trust": "Points added to the customer's trust, of 5.",
        "anger": "Points added to the customer's anger, of 5.",
    },
    model.Customer: {
        "name": "The customer's name, as the trainee hears it.",
        "type": "What kind of customer this is; some principles hold only for some kinds.",
        "portrait": "Whose face is shown.",
        "expects": "What the customer expects at the beginning, from 0 to 100.",
        "received": "What the customer has received so far, from 0 to 100.",
        "trust": "The customer's trust at the beginning, from 0 to 5.",
        "anger": "The customer's anger at the beginning, from 0 to 5; at 5 a customer leaves.",
    },
    model.Line: {
        "say": "What is said. A bar between blanks is a natural stop, where a listener may put in a word.",
        "acts": "What the customer does by saying it, such as customer-asks.",
        "voice": "A sound file with these words, such as voices/leyla-1.ogg; or a list with one for each part of the speech.",
        "lasts": "How many seconds each of these files lasts. It is read from the files, so leave it out.",
        "guide": "What the guide teaches at each part between the stops, in an encounter with unscored: true; the last is for the replies.",
        "if": "It is said only if this holds; the first line that holds is spoken, the last one has no condition.",
    },
    model.OnInterrupt: {
        "customer": "What the customer says when cut off.",
    },
    model.OnSilence: {
        "customer": "What the customer says when nobody answers.",
        "feel": "What the silence adds to the customer's feelings.",
        "go": "The scene that the second silence leads to.",
    },
    model.Promise: {
        "call-back": "The encounter in which the customer comes back.",
        "within": "How many days later, at most.",
    },
    model.Reply: {
        "id": "A name that stays as it is: records and translations use it. Two replies of one scene have two names.",
        "say": "The words. Either this, or do.",
        "do": "The deed, where nothing is said. Either this, or say.",
        "acts": "What it does, in this order, such as greet and invite-story; it may be nothing: []",
        "go": "The scene that comes next. Either this, or end.",
        "end": "The ending that it leads to. Either this, or go.",
        "why": "The feedback: one or two sentences on what it did.",
        "feel": "What it adds to the customer's feelings, beside what its acts do.",
        "set": "Facts that it changes, such as {looked: true}",
        "if": "It is offered only if this holds, such as: said(apologise) and trust > 2",
        "marks": "Your own rating from 0 to 1 where no rule can judge the words, such as {offer-what-fits: 0.5}",
        "promise": "An appointment to keep in a later encounter.",
    },
    model.Scene: {
        "customer": "What the customer says: a text, a text with acts, or a list of lines of which the first that holds is spoken.",
        "replies": "What the trainee may say or do.",
        "golden": "A golden moment: a chance to do more than anyone would expect.",
        "happens": "What comes about in this scene, such as case-opened.",
        "patience": "Seconds before the customer notices that nobody answers.",
        "on-interrupt": "How the customer protests when cut off; without it they have words of their own.",
        "on-silence": "What the customer does when nobody answers.",
        "do": "A stage direction: what the trainee sees or does meanwhile.",
    },
    model.Tells: {
        "say": "What is told whatever the outcome, unless that has words of its own.",
        "delighted": "What is told by a customer who got more than they had hoped for.",
        "satisfied": "What is told by a customer who got what they expected: nothing much.",
        "dissatisfied": "What is told by a customer who got less than they expected.",
    },
    model.Ending: {
        "title": "What it is called in the debrief.",
        "customer": "The customer's last words.",
        "failed": "Whoever ends here has not passed, whatever the points.",
        "tells": "What the customer tells a friend afterwards: a text, or one for each outcome. The debrief shows it.",
    },
    model.Scenario: {
        "servicesim": "The version of this format: 1",
        "id": "The name of this encounter; the file is called the same, with .yaml",
        "title": "What the encounter is called.",
        "summary": "What the trainee reads before it begins.",
        "channel": "How the customer comes.",
        "locale": "The language of the texts, such as en, fa or pt-BR.",
        "company": "The company that the trainee works for; {company} in a text stands for it.",
        "pass": "The points, from 50 to 100, from which it is passed.",
        "unscored": "A warm-up: a guide helps along, nobody passes or fails, and nothing is counted.",
        "learn": "The principles that it is about; whoever avoids one of them scores 0 there.",
        "customer": "Who comes, and in which mood.",
        "facts": "What you want to remember: true, false or a number from 0 to 9, as it is at the beginning.",
        "remembers": "Facts that a programme may make true at the start, from an encounter before; here they are false.",
        "start": "The scene that it begins with.",
        "leaves": "The ending for a customer who walks off, which happens when anger reaches 5.",
        "scenes": "The scenes, each under its name.",
        "endings": "The endings, each under its name.",
    },
    programme.Step: {
        "encounter": "The encounter that is played, by its id.",
        "due": "By when, in days after the start: 0 is the first day. An appointment has the day of its promise instead.",
        "pass": "The conduct that is asked for, from 50 to 100, if not the encounter's own.",
        "attempts": "How often it may be played; without it, as often as one likes.",
        "after": "The encounters that have to be done first.",
        "remembers": "What makes each fact true that its customer may remember, such as {late: overdue}",
    },
    programme.Programme: {
        programme.MARK: "The version of this format: 1",
        "id": "The name of this programme; the file is called the same, with .yaml",
        "title": "What the programme is called.",
        "summary": "For whom it is, and what it leads to, in a sentence.",
        "locale": "The language of these texts, such as en, fa or pt-BR.",
        "steps": "The encounters, in the order in which they are told of.",
    },
    principles.Act: {
        "title": "What it is called, as a sentence without its subject, such as: Asks what the customer needs",
        "feel": "What it does to the customer's feelings.",
        "by": "Who does it.",
    },
    principles.When: {
        "channel": "Only in these channels.",
        "type": "Only with customers of these types.",
    },
    principles.Scoped: {
        "from": "What comes before one of these acts does not count; each further one begins anew.",
        "until": "What comes after one of these acts does not count.",
        "when": "Where this rule holds, if not everywhere.",
    },
    principles.First: {
        "first": "The trainee's first reply does one of these acts.",
    },
    principles.Last: {
        "last": "The trainee's last reply does one of these acts.",
    },
    principles.Existence: {
        "existence": "One of these acts is done at least once.",
    },
    principles.Absence: {
        "absence": "None of these acts is ever done.",
        "per": "It is looked at anew from each of these acts to the next.",
    },
    principles.NeedsThen: {
        "needs": "One of these acts has to come first.",
        "then": "Before it, these acts are out of place.",
    },
    principles.Precedence: {
        "precedence": "An act that is right only after another.",
    },
    principles.AfterThen: {
        "after": "These acts call for an answer.",
        "then": "One of these acts is the answer.",
        "within": "How soon: next-reply, or a number of seconds; if not said, at any time later.",
    },
    principles.Response: {
        "response": "An act that has to follow another.",
    },
    principles.AlternateResponse: {
        "alternate-response": "An act that has to follow another each time, before it comes again.",
    },
    principles.AfterNever: {
        "after": "Once one of these acts was done.",
        "never": "None of these acts may follow.",
    },
    principles.NotResponse: {
        "not-response": "An act that must not follow another.",
    },
    principles.Principle: {
        "title": "What it is called.",
        "says": "What the trainee is asked to do, in a sentence.",
        "why": "Why that is so, in a sentence.",
        "source": "The lines of the sources that it comes from, such as C30.",
        "rules": "The rules by which it is judged; without any, only the marks of replies count.",
        "weight": "How much it counts, from 1 to 10.",
        "critical": "Whoever breaks it once has at most 49 points.",
        "enough": "Which share of the opportunities is enough for the full score.",
        "when": "Where it holds, if not everywhere.",
        "elective": "It counts only in encounters whose learn names it.",
        "card": "What a trainee reads to learn it, in about a hundred words.",
    },
    principles.Card: {
        "title": "What it is called.",
        "source": "The lines of the sources that it tells of, such as A4.",
        "card": "The text, in about a hundred words.",
    },
    principles.Principles: {
        "servicesim": "The version of this format: 1",
        "acts": "What can be done by speaking, each act under its name.",
        "principles": "The principles, each under its name.",
        "cards": "What is told of the sources beside the principles, each card under its name.",
    },
}
