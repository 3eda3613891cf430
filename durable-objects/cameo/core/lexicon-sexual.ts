/**
 * What is never made of a person here, whatever they or a contract say. Same notation and invariant as rule-lexicon.ts, its only caller.
 */
import { someone, their } from './lexicon-words.ts';

export const sexualPhrases = `
sex|sexual|sexually|sexy|sexier|sexiest|sexting|sext|sexts|sexuali*|sexed|sexcapade*
nude|nudes|nudity|nudist|nudists|naked|nakedness|topless|bottomless|unclothed|undress|undresses|undressed|undressing|disrobe*|disrobing
striptease*|stripper|strippers
strip|strips|stripping|stripped naked|nude|club|clubs|poker|bare|${someone}
strip|strips|stripping|stripped down|off|for ~2 underwear|naked|boxers|nothing|skin|camera|${someone}
take|takes|taking|took|taken|tear|tears|tearing|rip|rips|ripping|pull|pulls|pulling off|down|up|open ~2 clothes|clothing|underwear|bra|panties|dress|skirt|pants|blouse
without|no|lose|loses|losing|removes|removing|remove ~2 clothes|clothing|underwear|bra|panties
wear|wears|wearing nothing|lingerie|thong
wear|wears|wearing only ~3 towel|underwear|socks|apron|smile
in|wearing ~2 underwear|lingerie|bra|panties
lingerie|panties|negligee|bralette|garter|garters
micro|string|wet|tiny|skimpy|slingshot bikini|bikinis|swimsuit
bikini model|pics|photoshoot|wrestling
wet t shirt|tshirt
see through|thru dress|blouse|top|shirt|clothes|lingerie|nightgown
cleavage|upskirt*|downblous*|cameltoe|sideboob|underboob
camel toe
nip slip
wardrobe malfunction
boob|boobs|boobies|titties|busty|nipple|nipples|areola*
${their}|big|huge|bare|exposed|naked|perky|massive|bouncing|wet tits|breast|breasts|chest|tit|ass|arse|butt|booty|buttocks|crotch|thighs
flash|flashes|flashing ~1 breasts|tits|boobs|camera|crotch
grab*|squeez*|fondl*|spank*|slap*|touch*|grope*|shak*|jiggl*|bounc* ~2 ass|arse|butt|booty|breast|breasts|boobs|tits|crotch|thigh|thighs
asses|butthole|asshole|buttcheeks
penis|penises|vagina|vaginas|vulva|clit|clitoris|genital|genitals|genitalia|testicle|testicles|scrotum|boner|erections
${their}|big|huge|hard|erect|suck|sucks|sucking|massive|throbbing dick|cock|dicks|cocks
${their}|wet|tight pussy|pussies
an|his|an erection
orgasm|orgasms|orgasmic|masturbat*|wank|wanks|wanking|ejaculat*|cumshot*|cumming|cums|semen|creampie*|bukkake|blowjob*|handjob*|footjob*|rimjob*|fellatio|cunnilingus|deepthroat*|fingering|intercourse|coitus|foreplay
jerk|jerks|jerking|jack|jacks|jacking off
blow|hand|rim job|jobs
anal|oral
fuck|fucks|fucked|fucking|screw|screws|screwing|bang|bangs|banging|shag|shags|shagging ${someone}|each|hard|${their}
hump|humping|humped ${someone}|the|each|his|her
threesome|threesomes|gangbang*|orgy|orgies|swingers
porn|porno|porns|porno*|hentai|onlyfans|camgirl|camgirls|xxx|nsfw|smut|r34|milf|milfs|gilf|dilf|futanari|ahegao
only fans
rule 34
erotic|erotica|eroticism|horny|aroused|arousal|seductive|seductively|lewd|lascivious|raunchy|sensually|lustful|lustfully
lap|pole dance|dances|dancer|dancers|dancing
twerk|twerks|twerking
prostitut*|hooker|hookers|brothel|brothels|escort|sugar service|services|baby|daddy
call girl|girls
cam girl|girls
dildo|dildos|vibrator|vibrators|buttplug*|fleshlight
sex|butt|adult toy|toys|plug|film|video|content
condom|condoms
incest|incestuous|bestiality|zoophil*|necrophil*|pedophil*|paedophil*|lolicon|loli|shotacon
rape|rapes|raped|raping|rapist|rapists|molest*|grope|gropes|groped|groping|fondle|fondles|fondled|fondling
sexual assault|harassment
in bed with ${someone}|naked|together|her|each
make|makes|making|made love to|with|passionately|together
sleep|sleeps|slept|sleeping with ${someone} ~2 bed|naked|tonight|again|for
get|gets|getting laid|naked|nude|freaky
bedroom eyes
moan|moans|moaning in|with|of ~2 pleasure|ecstasy|bed|delight
spread|spreads|spreading ${their}|her legs
wet dream|dreams
skinny dip|dips|dipping
in the shower naked|nude|together
shower scene|together
slut|sluts|slutty|whore|whores|bimbo|bimbos|thot|thots|femboy|nympho*
suggestive|provocative|compromising|sultry pose|poses|position|positions|dance|photo|photos|outfit
body ~2 on display|exposed
make|makes|making ${someone} come|cum|moan|strip`;
