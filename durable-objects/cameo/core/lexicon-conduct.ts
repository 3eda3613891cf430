/**
 * What is done to a person rather than said by them: degradation, fetish, stalking. Every one of these is denied until its owner allows
 * it. Same notation and invariant as rule-lexicon.ts, its only caller.
 */
import type { RuleClass } from '#schemas/likeness.ts';
import { cast, someone, their } from './lexicon-words.ts';

const degradation = `
humiliat*|degrading|degradation|demean*
degrad* ${someone}
mugshot|mugshots
mug shot|shots of|photo
arrested|handcuffed
under arrest
handcuffs|handcuffing
arrest|arrests|arresting ${someone}
police arrest|arrests|arresting|raid
perp walk
in|to|goes|sent jail|prison
behind bars
jail|prison cell|jumpsuit|uniform|yard|sentence
convict|convicts|convicted|inmate|inmates|felon|felons
wanted poster
caught ~1 stealing|cheating|lying|shoplifting|masturbating
shoplift*
rob|robs|robbing|robbed a|the|an ~1 bank|store|shop|house|woman|man|museum
beg|begs|begging|begged for mercy|money|forgiveness|change|attention|food|help|his|her|their
beg|begs|begging|begged ${someone}|on|in ~3 street|knees|stop|forgive*|mercy
begging ${someone}|on|in|to
on ~2 knees begging|crying|and|grovelling|groveling
grovel*
kneel|kneels|kneeling ~2 beg|begs|begging|forgiveness|mercy
is|are|starts|start|keeps|video|footage|clip|seen|been crying|sobbing|weeping|bawling
crying like|uncontrollably|alone|hysterically|at|for|because|after|over|on|as
crying in ~1 corner|street|bathroom|public|shame|front|bed|car|court
crying and begging|screaming|sobbing|pleading
${cast} cries|cry|sob|sobs|weep|weeps|bawl|bawls
ugly cry*|crying
burst|bursts|bursting into tears
in tears
sobbing|sobs|bawling|blubbering
make|makes|making|made ${someone} cry
lick|licks|licking|licked ~2 boot|boots|floor|shoe|shoes|toilet|dirt
bootlick*
spit|spits|spitting|spat on ${someone}|his|her
urinat*|defecat*|diarrhea|diarrhoea
pee|pees|peeing|peed|piss|pisses|pissing|pissed himself|herself|themselves|myself|everywhere
pee|pees|peeing|peed|piss|pisses|pissing|pissed on|in ${someone}|his|her|the|my|their|a
wet|wets|wetting|soil|soils|soiling|soiled himself|herself|themselves|myself
wet|wets|wetting|soil|soils|soiling|soiled his|her|their|my pants|trousers|bed
poop|poops|pooping|shit|shits|shitting|crap|craps
vomit|vomits|vomiting|vomited|puke|pukes|puking|puked
throw|throws|throwing|threw up on|all|everywhere|in
fart|farts|farting|farted
head ~2 toilet
eat|eats|eating|ate ~3 garbage|trash|dirt|vomit|faeces|feces|poop|dog food
idiot|idiots|moron|morons|moronic|imbecile*|loser|losers|dunce|dunces|halfwit*|scumbag*|pathetic|worthless|dumbass|lowlife
stupid|dumb|ugly|disgusting|fat|filthy|useless ${someone}|pig|face|cow|idiot|loser|freak
so|how|as|too|looks|look|looking|acts|acting|act stupid|dumb|ugly|pathetic|disgusting|worthless
look|looks|looking|act|acts|acting like ~1 fool|idiot|moron|clown|loser|pig
make|makes|making|made ~1 fool of
fool of himself|herself|themselves|myself
waste of space|oxygen|life
good for nothing
laughing stock
laughingstock
village idiot
disgrace|disgraced|disgraceful
public|body|fat|slut shaming|shame|shamed
walk of shame
shame on ${someone}
dunce cap|hat
mock|mocks|mocking|mocked|ridicule|ridicules|ridiculing|ridiculed|taunt|taunts|taunting|insult|insults|insulting|insulted ${someone}|for|about|by
ridicul* ${someone}
laugh|laughs|laughing|laughed at ${someone}|his|their
bully|bullies|bullied|bullying
tar|tarred|tarring and feather*
embarrass* ${someone}|himself|herself|themselves
embarrassing video|moment|photo|clip|secret
trip|trips|falls ~4 everyone|everybody|crowd|people laugh|laughs|laughing|point*
drunk and disorderly
crawl|crawls|crawling ~1 on ~2 fours|floor|knees
crawl|crawls|crawling like ~1 dog|animal|worm|baby
bark|barks|barking like ~1 dog
${someone} on a leash
wear|wears|wearing ~2 dog collar
treated like ~2 dog|animal|slave|trash|dirt
slave|slaves|enslaved
homeless ~1 beg|begs|begging
confess|confesses|confessing|confessed to ~4 crime|crimes|murder|stealing|cheating|fraud
registered sex offender
fired from|by|for ~3 job|work|stealing|harassment|boss`;

const fetish = `
fetish|fetishes|fetishist*|kink|kinks|kinky
foot|feet|toe|sole worship*|model|models|job|tease|pics|rub|rubs|massage|massages|lover
close|closeup|closeups|shot|view|camera|focus|focused|focuses|focusing|zoom|zooms|zooming|linger|lingers|lingering up? of|on|in|into|at ~4 feet|foot|soles|toes
dirty|sweaty|smelly|stinky|oiled|oily|sexy|gorgeous|perfect|sweat|pretty ~1 feet|foot|soles|toes
suck|sucks|sucking|lick|licks|licking|kiss|kisses|kissing|worship|worships|worshipping|worshiping|smell|smells|smelling|sniff|sniffs|sniffing|massage|massages|massaging|rub|rubs|rubbing ~3 feet|foot|toes|soles|armpit|armpits|socks
soles of ${their}|her|bare ~1 feet
show|shows|showing|showed|flaunt|flaunts|flaunting|present|presents|presenting ~2 soles|feet|toes
wiggl*|spread*|curl*|scrunch* ~1 toes
feet toward|towards|in|at|to|up|fill|fills|filling ~2 camera|face|lens|frame|screen
inflat* ${someone}|body|belly|like|suit|breasts|into
body|belly|breast|breasts|butt inflation|inflating|inflates|expansion|expanding|expands|swelling|swells|growing
inflated|inflating|swollen|expanding|ballooning belly|body|stomach|like|cheeks
swell|swells|swelling|blow|blows|blowing|puff|puffs|puffing up like ~1 balloon|blimp|blueberry|ball
turn|turns|turning|turned|transform|transforms|transforming ~2 into ~2 blueberry|balloon|blimp|doll|mannequin|toilet|furniture
blueberry girl|man|boy|inflation|transformation
bloated belly|stomach|body
giantess|giantesses|macrophilia|microphilia
giant|gigantic|huge|enormous woman|women|girl|lady|man
${cast} tower|towers|towering over|above
shrink|shrinks|shrinking|shrunk|shrunken ${someone}|people|down to|in
tiny|miniature|shrunken ${someone} ~3 shoe|foot|feet|hand|palm|boot|mouth|cleavage
stomp|stomps|stomping|stomped ~3 tiny|city|people|buildings|town|houses|cars
step|steps|stepping|stepped on ~2 tiny|people|${someone}
crush|crushes|crushing|crushed ~4 under|beneath|with|between ~2 foot|feet|heel|heels|butt|thighs|boot|boots
trampl* ${someone}
vore|voreing
swallow|swallows|swallowing|swallowed|eats|eating ${someone}|whole|alive ~1 whole|alive
swallow|swallows|swallowing|swallowed ${someone}|alive
tickling
tickle|tickles|tickled ${someone}|feet|his|their|by|under|torture|fight
tie|ties|tying|tied ${someone} up|down|to|with
tied up and|with|by|in|on ~2 rope|ropes|gagged|chair|bed|blindfolded|basement|tape|helpless|naked
${cast} ~2 tied up|down
tied to ~2 chair|bed|bedpost|tracks|railway|table
bound and gagged|tied|blindfolded|helpless
bound hands|wrists|feet|ankles|with|to|in ~2 rope|ropes|chair|chains|tape|bed|leather|feet|ankles
hands|wrists|ankles|arms|legs|feet ~2 bound|tied|cuffed|handcuffed|shackled
gagged|ballgag
ball gag
duct tape|taped ~3 mouth|chair|wall
tape over ~1 mouth
bondage|shibari|bdsm|dominatrix|domme|submissive|hogtie*|hogtied|straitjacket*|femdom|findom
straight jacket
blindfolded and tied|bound|gagged
in chains
chained up|to ~2 wall|bed|floor|radiator
spank|spanks|spanking|spanked
whip|whips|whipped|whipping|flog|flogs|flogging|flogged ${someone}
mummif* ${someone}|in|with
wrapped|wrap|wraps|wrapping ~2 in|with ~1 duct|cling|plastic|tape|bandages|latex
latex suit|dress|catsuit|outfit|gloves|bodysuit|mask|hood
catsuit|catsuits|zentai|gimp
leather mask|harness|bondage
sink|sinks|sinking|stuck|trapped ~2 in|into ~1 quicksand|mud|tar
stuck in ~2 washing|dryer|washer
slimed|gunge|gunged
covered|drenched|doused in|with ~1 slime|gunge|custard|oil|cream
hypnoti* ${someone}|into|to
mind control*
pregnan*|impregnat*|lactat*
baby bump
giv*|gave birth
in labor|labour
breastfeed*|breastfed
breast feeding|fed
diaper|diapers|diapered|nappy|nappies|abdl
adult baby|babies
pacifier
weight|muscle gain|gaining|growth|worship
feeder|feederism|feedee
force feed|feeds|feeding|fed
obese|obesity
getting|gets|grows|growing|becomes|becoming fat|fatter|pregnant|obese
stuff* ${their}|her belly|face|stomach
stuffed belly
belly button|rub|rubs|play|stuffing|punching|dance
navel
burp|burps|burping|burped|belch|belches|belching
armpit|armpits
dirty|sweaty|smelly|used|worn socks|panties|underwear|shoes|gym
smell|smells|smelling|sniff|sniffs|sniffing ~3 socks|panties|underwear|shoes
facesitting|facesit
face sitting
sit|sits|sitting|sat on ${someone}|his|her|their|my ~1 face|${someone}|chest|head
smother|smothers|smothering|smothered ${someone}|by|in|between
headscissor*|scissorhold*
scissor|wrestling|choke|leg hold|holds
cuckold*|sissy|sissies|feminiz*
forced feminization|to wear ~1 dress|diaper|heels|collar
human furniture|footstool|toilet|pet|ashtray
high heels ~2 crush*|step*|stomp*
pet play
puppy play
sneeze|sneezing fit|fetish`;

const stalking = `
stalk|stalks|stalked ${someone}|people
stalking ${someone}|people
stalker|stalkers
being|been|is|was|get|gets stalked
follow|follows|followed|following ${someone} home|around|everywhere|secretly|from|at|into|to ~1 home|work|car|school|street|gym
follow|follows|followed|following ${someone} home|around|everywhere|secretly
followed|following home|at ~1 night
followed by ~2 stranger|man|stalker|car
tail|tails|tailing|tailed ${someone}
watch*|observ*|spy*|film*|record*|photograph* ${someone} ~2 sleep|sleeps|sleeping|shower|showering|undress|undressing|through|from|secretly
watch*|observ*|star*|look*|film* ~2 sleep|asleep while ${someone}|he|she|they
watch*|observ*|gaz*|look*|stare*|staring|peer* ~3 bedroom|their|her|his ~1 window|windows
watched|filmed|followed|observed|photographed through|from|by|without ~3 window|blinds|bushes|across|stranger|man|knowing|keyhole
watching every ~1 move
spy|spies|spied|spying on
peep|peeps|peeping|peek|peeks|peeking|peer|peers|peering through|in|into|at ~4 window|windows|blinds|keyhole|curtain|curtains|bedroom|bathroom
peeping tom|toms
voyeur*
hidden|secret|spy camera|cameras|cam|cams|footage|recording|webcam
secretly|covertly film*|record*|photograph*|watch*|follow*|track*|observ*|tap*
without ${their}|her knowledge|knowing|noticing|consent
outside|near|at|inside|in|to|into|around ${their} ~1 house|home|apartment|flat|window|workplace|office|school|door|doorstep|driveway|backyard|bedroom
outside|near|inside|into|around ~2 s ~1 house|home|apartment|flat|window|windows|workplace|office|school|door|doorstep|driveway|bedroom|bathroom
${their} home|house|work|street|exact|real|private address|location|number
${their} address|workplace|whereabouts|schedule|routine|commute
home|work|street|workplace address|addresses
license|licence|number plate|plates of|number
where ${cast}|she|he|they live|lives|works|sleeps|work|parks|sleep
know|knows|knowing|find|finds|finding|found out? where ${cast}|she
dox|doxx|doxed|doxxed|doxing|doxxing
break|breaks|breaking|broke|sneak|sneaks|sneaking|snuck|climb|climbs|climbing into|in|through ~3 house|home|apartment|flat|bedroom|window
break|breaks|breaking|broke in at|while|to ~3 night|sleep*|house|home
bedroom|bathroom window|windows
window|windows at night|midnight
through ~2 window at|while|of ~4 night|sleep*|undress*|bedroom|house
lurk|lurks|lurking|lurked
wait|waits|waiting|waited|stand|stands|standing|stood|hide|hides|hiding|hid ~3 outside ~3 house|home|work|apartment|bedroom|window|school|gym
hide|hides|hiding|hid|wait|waits|waiting in|under|behind ${their} ~1 closet|bed|car|house|bedroom|bathroom|bushes|seat|curtains
under ${their} bed
while|as ${cast}|she ~2 sleep|sleeps|sleeping|asleep|shower|showers|showering|undress|undresses|undressing|bathes
while ~2 sleep|sleeps|sleeping|asleep|showers|showering|undresses
asleep|sleeping|sleeps in ${their} bed|bedroom|home
installing|installs|install|hide|hides|hiding|plant|plants|planting ~2 camera|cameras|tracker|microphone|bug
track|tracks|tracking|tracked ${someone} down|by|with|on
track|tracks|tracking|tracked ${their} phone|location|car|movements|every
gps tracker|tracking
airtag|airtags|spyware|stalkerware|wiretap*
tap|taps|tapping|tapped|hack|hacks|hacking|hacked ${their} phone|webcam|camera|messages|laptop
obsess|obsessed|obsesses|obsession with ${someone}|her|his
shrine|wall of|to|full of? ~2 ${someone}|photos|pictures|her|him
collect|collects|collecting ~3 hair|underwear|trash
restraining order
anonymous|threatening|creepy letters|messages|calls|texts|phone
paparazzi
across the street watching|staring|from ${their}|her
zoom*|telephoto ~3 window|bedroom|balcony
security|doorbell|surveillance|cctv footage|camera|cam of ${someone}|her|his
i|we can|will|am|are always? see|watching|find|watch you|him|her|them`;

export const conductPhrases = { degradation, fetish, stalking } satisfies Partial<Record<RuleClass, string>>;
