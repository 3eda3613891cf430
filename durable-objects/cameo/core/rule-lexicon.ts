/**
 * What each class of rules means, as phrases (the notation stands in phrases.ts). Invariant: a phrase says something by itself; none is
 * excused by what stands around it, so a harmless reading is kept out by asking for more words, never by an exception. Where a word has
 * a common harmless use it needs its company: `shoot` a person but not hoops, `tied up` with rope but not a boat.
 *
 * English only, like the prompts the engines understand. It is a net, not a judge: a person who is cast sees the draft and can stop it,
 * and adds words of their own for what it misses. Sources: the classes of likeness abuse reported from cameo features in the field
 * (endorsements, political speech, humiliation, fetish requests, stalking). Called by rules.ts.
 */

import { compilePhrase, type Phrase } from '#core/text/phrases.ts';
import type { RuleClass } from '#schemas/likeness.ts';
import { conductPhrases } from './lexicon-conduct.ts';
import { sexualPhrases } from './lexicon-sexual.ts';
import { cast, someone } from './lexicon-words.ts';

const political = `
vote|votes|voting|voted for|against|yes|no|red|blue|labour|republican|democrat|them|him|her|me|early
go|out|and|please|must|to|should vote
voter|voters|electorate|referendum|referendums|plebiscite
voting|polling booth|booths|station|stations|place|places
ballot|ballots
election|elections|electoral|electioneering|reelect*|reelection
re elect|elected|election
elect ${someone}|the|our|your
campaign|campaigns|campaigning rally|rallies|trail|ad|ads|speech|poster|posters|slogan|manager|promise*|donation*|donor*|for|against
political|politics|politically|politician|politicians|politic
presidential|gubernatorial|senatorial|congressional|parliamentary|mayoral
for|as|new|next|my|your|our president|senator|governor|congress|parliament|mayor|chancellor
run|runs|running|ran|stand|stands|standing for ~1 president|office|senate|congress|mayor|governor|parliament|chancellor|election
mr|madam|madame|former|acting|american|french|russian president
president of ~2 usa|states|america|republic|russia|china|france|country|nation|ukraine
president elect|trump|biden|obama|putin|zelensky|macron|xi
donald trump
biden|obama|putin|zelensky|netanyahu|zelenskyy
xi jinping
kim jong
first lady of|speech|campaign
prime minister|ministers
oval office
white house press|briefing|lawn|staff|podium|speech|correspondent*
senator|senators|senate|congressman|congresswoman|congressmen
house of representatives|commons|lords
houses|member|members|session|speech|debate of|in ~1 parliament|congress
in parliament|congress
parliament building|speech|session|debate|vote
democrat|democrats|republican|republicans|gop|maga|tory|tories|libertarian|libertarians
democratic|labour|labor|conservative|green|communist|socialist|nazi|liberal|reform|political|ruling|opposition party|parties|candidate*
party leader|leaders|nominee|nomination|manifesto
candidate for|s|speech|debate|rally
endors* ~3 candidate|campaign|party|ballot|referendum|measure
impeach*|inaugurat*|propagand*|filibuster*|gerrymander*
state of the union|nation
coup d etat
regime change
build the wall
stop the steal
make ~1 great again
defund|abolish the police|ice
pro life|choice rally|march|protest|slogan|sign
gun control|rights
immigration policy|ban|raid|raids
border wall
dictator|dictators|dictatorship`;

const romantic = `
kissing|kisses|snog|snogs|snogging|smooch*
kissed ${someone}|on|by|passionately|each
${cast} kiss|kissed
kiss ${someone}|each|his|my|your|on|passionately|goodnight|goodbye
first|french|passionate|tender|stolen|romantic|goodnight|lingering kiss
share*|steal*|sharing|blow*|plant* a|one|another kiss
lean* ~2 for a kiss
make|makes|making|made out with|together|passionately
romantic|romantically|romance|romances|romancing
fall|falls|falling|fell|deeply|madly in love
in love with
love letter|letters|affair|story|scene|confession|triangle|interest
love|loves you|him|her|me
confess*|declar*|profess* ~2 love
flirt|flirts|flirted|flirting|flirtatious|flirty
seduc*
romantic|blind|first|dinner|candlelit date|dates
on a date
date night
go|goes|going|went on ~1 date
dating ${someone}|each|app|show|profile
will you marry
marry|marries|marrying|marriage ${someone}|proposal
propos* marriage|to|on ~2 ${someone}|marriage|knee
down on one knee
engagement ring
get|gets|getting|got married|engaged
just married
honeymoon*|newlywed*
bride|groom|brides|grooms|bridegroom
wedding day|night|vows|kiss|ceremony|dress|altar
exchang* ~1 vows|rings
boyfriend*|girlfriend*|lover|lovers|soulmate|soulmates|sweetheart|sweethearts|valentine
cuddl*|snuggl* ${someone}|with|together|up
spoon* ${someone}|in bed
hold|holds|holding|held hands
gaz*|look*|stare*|staring ~2 each|his|her|their|your|my ~2 eyes
candlelit|candlelight dinner
in each other s arms
slow danc*
crush on
wink* at ${someone}
caress*
passionate|tender|loving embrace`;

const violence = `
shoot|shoots|shooting|shot|shot ${someone}|dead|himself|herself|themselves
shoot|shoots|shooting|shot at ${someone}|police|each|by|the crowd|school
school|mass|active|drive|by shooter|shooters|shooting|shootings|shoot
shootout|shootouts|shoot out
kill|kills|killed|killing ${someone}|himself|herself|themselves|his|her|their|everybody|everyone
be|being|been|get|gets|getting|was|were|are|is killed|murdered|stabbed|tortured|executed
get|gets|getting|got|being beaten|shot by|up|in|at|with
killing spree
serial|contract|hired|mass killer|killers
murder|murders|murdered|murdering|murderer|murderers|murderous|homicide
assassin|assassins|assassinat*|massacr*|slaughter*|behead*|decapitat*|dismember*|disembowel*|mutilat*|impale*|impaling|lynch|lynched|lynching
strangl*|throttl* ${someone}|the|his|her
strangled|strangling|strangles
stabbed|stabbing|stabs
stab ${someone}|in|the
execut* by|${someone}|style|squad
firing squad
public|mass execution|executions
tortur*
hanged|hangman|noose|gallows|guillotine*
hang|hangs|hanging himself|herself|themselves|myself|him|them
suicide|suicidal|self harm
cut|cuts|cutting|slit|slits|slitting ~1 wrist|wrists|throat|throats
a|the|his|her|their|my|with|with|big|two gun|guns
hold|holds|holding|point|points|pointing|pull|pulls|pulling|aim|aims|aiming|wave|waves|waving|fire|fires|firing ~2 gun|guns|rifle|pistol|handgun
gunfight*|gunshot*|gunfire|gunman|gunmen|gunpoint|gunned|handgun|handguns|shotgun|shotguns|revolver|revolvers|pistol|pistols|machinegun*|firearm*
machine|assault|sniper|toy gun|guns|rifle|rifles
knife|knives attack|fight|point|wielding
knifepoint
knife|blade|razor to|at|against ~1 throat|neck
wield*|swing*|brandish*|threaten* ~3 knife|axe|machete|sword|chainsaw|hammer|bat
bloody|bloodied|bloodbath|bloodshed|bloodstained|gore|gory
covered|soaked|drenched|splattered|dripping|pool|pools in|with|of ~1 blood
blood everywhere|splatter*|spray*|drip*|gush*|pour*
bleed|bleeds|bleeding|bled out|to|from
punch|punches|punching|punched ${someone}|another|each
punch|punches|punching|punched|kick|kicks|kicking|kicked in ~2 face|stomach|nose|gut|head|ribs|groin|balls
slap|slaps|slapping|slapped ${someone}|another|each
kick|kicks|kicking|kicked ${someone}|each
beat|beats|beating ${someone} ~1 up|senseless|unconscious|bloody|to
beaten|beat|beating up|bloody|senseless|unconscious
beaten to death|a
hit|hits|hitting ${someone} ~1 with|in|over
fist|fists|bar|street|gang fight|fights|fighting
fistfight*|brawl|brawls|brawling
fight to the death
attack|attacks|attacking|attacked ${someone}|with|the|by|civilians
a|the|time|car|pipe|nuclear|atom|atomic|suicide|fire bomb|bombs|bomber|bombers|vest
bombed|bombing|bombings|grenade*|detonat*|explosives|landmine|landmines|terrorist|terrorists|terrorism|molotov
hostage|hostages|kidnap*|abduct|abducts|abducted|abducting|abduction
drown|drowns|drowning|drowned ${someone}|himself|herself|in
chok* ${someone}|to|out
suffocat*
burn|burns|burned|burnt|burning ${someone}|alive|at the? stake|alive
buried|bury|burying|buries ${someone}? alive
set|sets|setting ${someone} on fire
throw|throws|throwing|threw|push|pushes|pushing|pushed ${someone} off|out|under|down|into|in ~1 cliff|window|bus|train|traffic|stairs|roof|building|bridge|road
run|runs|running|ran ${someone} over
run|runs|running|ran over ${someone}|a man|woman|child
crush* to death
corpse|corpses|dead body|bodies
dead body|bodies
body bag|bags
war crime|crimes
ethnic cleansing
genocide
domestic violence|abuse
abus* ${someone}
violent|violently|violence
death threat|threats`;

const endorsement = `
endors*
sponsor|sponsors|sponsored|sponsoring|sponsorship
advert|adverts|advertise*|advertising|advertisement*|infomercial*|testimonial|testimonials
tv|television|radio|beer|car|product commercial|commercials|ad|ads|spot
commercial|ad|ads for|campaign|break
promo|promotional|promos
promot*|plug|plugs|plugging ~3 product|products|brand|app|service|website|course|coin|token|casino|company|shop|store
promo|discount|coupon|referral|affiliate|voucher code|codes|link|links
use|enter|using code
use|with|enter|using ~1 my|our|discount|promo|coupon|referral code
paid|brand partnership|promotion|deal|ambassador|collab|campaign
product placement|review|launch|pitch|demo|endorsement
spokesperson|spokesman|spokeswoman|spokesmodel
influencer ad|deal|marketing|post
recommend*|swears|vouch*|rave*|raving by|for|about ~3 product|products|brand|app|service|cream|shampoo|drink|pill|pills|supplement|supplements|casino|broker|platform|phone|shoes|lotion|diet
recommend*|suggest* ~3 product|products|brand|app|service|cream|shampoo|drink|pill|pills|supplement|supplements|casino|broker|platform|phone|shoes|lotion|diet|company|bank|stock|stocks
i|we|doctors|experts|dentists|highly|strongly recommend|recommends
recommend|recommends buying|using|investing|trying|this|these|our|that
brand|brands recommend*|loves|trusts|partner*
buy|order|shop|subscribe|join now|today|yours
buy my|our|this|these|your
get yours
sign up now|today|with|for
click|tap|hit ~1 link
link in ~2 bio|description|comments
swipe up
limited time|offer|edition offer|deal|only|sale
special|exclusive|best offer|offers|deal|deals|price for|on|today|now|only
available now|today|in at|in|on|stores
download the|our|my|this|it app|now|today
subscribe to my|our|the|this
free trial|shipping|sample|samples
money back
# off|percent off|your|all|everything|today|for
# percent off
satisfaction guaranteed
invest|invests|invested|investing in|with|your|now|today|${someone}
investment|investments advice|opportunity|opportunities|platform|pitch|tip|tips|scheme|fund
crypto|cryptocurrenc*|bitcoin|bitcoins|ethereum|dogecoin|memecoin*|altcoin*|stablecoin*|nft|nfts|airdrop|presale|blockchain
meme coin|coins|stock|stocks
token sale|launch|presale
stock|stocks tip|tips|pick|picks|portfolio|trading
forex|options|day trading|trader|signals
trading platform|app|bot|signals|course|account
double|triple|multiply|grow your|my ~1 money|savings|income|deposit
passive income
get rich
financial freedom|advice|advisor
guaranteed return|returns|profit|profits|income|winnings
make|makes|making|earn|earns|earning ~2 money|cash|dollars|income online|fast|from|a|per|every|easy
pyramid scheme
multi level marketing
giving|gives|give away ~3 cash|money|iphones|bitcoin|prizes
send|sends|wire|transfer ~3 money|bitcoin|cash|funds|gift
online|crypto|sports casino|casinos|betting|bookmaker|sportsbook
gambling|betting app|site|website|tips
bet|place ~1 bets|now with|today
diet|weight|miracle|slimming pill|pills|tea|cure|supplement|loss
weight loss
lose weight|# fast|pounds|with|in
teeth whitening
payday loan|loans
billboard|billboards for|ad|ads|advertis*
sales pitch
my|her|his|their favorite|favourite brand|product|casino
unboxing
teleshopping
shopping channel
fake charity
donate|donates|donating to|now|today
fundraiser|crowdfund*`;

const substances = `
cocaine|heroin|meth|methamphetamine|amphetamine*|fentanyl|lsd|mdma|ketamine|opioid|opioids|opium|marijuana|cannabis|ganja|hashish|psilocybin|shrooms|ayahuasca|oxycontin|xanax
crack pipe|cocaine|addict|rock
magic|psychedelic mushroom|mushrooms
ecstasy pill|pills|tablet|tablets
acid trip|tab|tabs
bong|bongs|hookah|hookahs|vape|vapes|vaping|vaped|cigarette|cigarettes|cigar|cigars|tobacco|nicotine
smok* ~2 weed|pot|joint|crack|blunt|cigarette*|cigar*|hookah|vape|pipe|bong|spliff
weed|pot brownie|brownies|gummies|dealer|smoker|plant|farm
roll|rolls|rolling|light|lights|lighting|pass|passes|passing|share|shares a|the joint|blunt|spliff
chain smok*
stoner|stoners
get|gets|getting|got|is|are|being stoned|drunk|wasted|hammered|plastered|tipsy
get|gets|getting|got high on|with|together|off
high on ~1 drugs|weed|cocaine|meth|acid|pills|mushrooms
tripping on
drug|drugs|drugged|druggie|druggies|narcotic*|junkie|junkies
alcohol|alcoholic|alcoholics|booze|boozing|boozy|liquor|vodka|whiskey|whisky|tequila|bourbon|brandy|absinthe|moonshine
drunk|drunken|drunkard|drunkards|hungover|hangover|inebriated|intoxicated
drink|drinks|drinking|drank|sip|sips|sipping|chug|chugs|chugging|pour|pours|pouring|order|orders|ordering|hold|holds|holding|down|downs|downing ~3 wine|beer|beers|rum|gin|champagne|sake|cocktail|cocktails|shots|ale|cider|prosecco
glass|glasses|bottle|bottles|pint|pints|can|cans|case|keg|mug|mugs of ~1 wine|beer|rum|gin|champagne|sake|ale|cider|prosecco
a|the|cold|his|her|their|two|some|more beer|beers|wine|champagne|cocktail|cocktails
beer pong|belly|bong|keg|drinking
keg stand|party
pub|bar crawl
happy hour
drinking game|games|contest|buddy|buddies
shots of
do|does|doing|taking|takes|take shots|a shot
snort|snorts|snorting|snorted ~3 cocaine|line|lines|powder|coke
line|lines of ~1 cocaine|coke|powder
inject|injects|injecting|injected ~3 drug|drugs|heroin|himself|herself|steroids|vein
syringe|syringes
overdos*
pop|pops|popping pill|pills
bottle|handful of pills
steroid|steroids
rehab
withdrawal symptoms`;

/** Phrases of every class, compiled once. */
export const lexicon: readonly { readonly ruleClass: RuleClass; readonly phrases: readonly Phrase[] }[] =
  Object.entries({
    political,
    romantic,
    violence,
    endorsement,
    substances,
    ...conductPhrases,
    sexual: sexualPhrases,
  } satisfies Record<RuleClass, string>).map(([ruleClass, source]) => ({
    ruleClass: ruleClass as RuleClass,
    phrases: source
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((line) => compilePhrase(line)),
  }));
