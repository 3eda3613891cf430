/**
 * Word groups of the output policy, in the notation of core/text/phrases.ts. Invariant: a group says what somebody writes about, a rule
 * says which groups together are an offence. English only, like the prompts the engines understand; a net, not a judge: what it does not
 * know it lets through, which is why frames are looked at as well. Called by output-policy-text.ts.
 */

/** Sexual in any company. */
export const explicit = `
sex|sexual|sexually|sexting|sexualis*|sexualiz*
nude|nudes|nudity|topless|bottomless|unclothed|undress*|disrobe*|striptease*|stripper|strippers
strips|stripping naked|nude|down
naked man|men|woman|women|person|people|body|bodies|couple|lady|guy|girl|girls|boy|boys|child|children|kid|kids|model|dancer|beach
completely|fully|totally|half|stark|butt|is|are|was|were|gets|getting|get|stands|standing|posing|lying naked
take|takes|taking off ~2 clothes|clothing|underwear|bra|panties|dress|skirt|pants|blouse
without|no clothes|clothing|underwear
lingerie|panties|thong|upskirt*|downblous*
genital|genitals|genitalia|penis|penises|vagina|vaginas|vulva|clitoris|testicles|scrotum
nipple|nipples|boobs|titties
bare|exposed|naked|her breasts
orgasm*|masturbat*|ejaculat*|cumshot*|semen|blowjob*|handjob*|fellatio|cunnilingus|intercourse
fuck|fucks|fucking|fucked him|her|them|each|me|hard
porn*|hentai|onlyfans|camgirl*|xxx|nsfw|smut|ahegao
erotic*|horny|aroused|lewd|lustful*|seductive*
threesome*|gangbang*|orgy|orgies|incest*|bestiality
rape|rapes|raped|raping|molest*|groped|groping|fondl*
make|makes|making love to|with
`;

/** Sexual when a child is near; alone it is fashion, dance or a figure of speech. */
export const suggestive = `
sexy|sexier|sexiest|sultry|sensual*|provocative*|twerk*
bikini|bikinis|swimsuit model|pose|posing|photoshoot
in|wearing underwear|lingerie|fishnets|stockings
pole|lap dance|dancing|dancer
strip club|poker
spread|spreads|spreading ~1 legs
kiss|kissing|kisses passionately|tongue
bare bottom|chest|buttocks
`;

export const minors = `
child|children|kid|kids|toddler|toddlers|infant|infants|minors|preteen*|tween|tweens|teen|teens|teenage*|adolescent*|underage*|prepubescent|pubescent
schoolgirl*|schoolboy*|schoolchild*|kindergart*|preschool*
little|young|small girl|girls|boy|boys
middle|elementary|primary|high school ~1 girl|girls|boy|boys|student|students
daughter|niece|nephew|stepdaughter|stepson
juvenile|juveniles|jailbait|barely legal
girl|girls|boy|boys ~2 age|aged
`;

/** An offence by themselves. */
export const childAbuse = `
lolicon|shotacon|pedophil*|paedophil*|childporn|csam
child porn*|pornography|erotica
loli|shota porn*|nude*|naked|hentai|sex
`;

export const realPeople = `
celebrity|celebrities|deepfake*|famous|actress|actresses|actor|actors|popstar|influencer|influencers|streamer|youtuber|politician|politicians
real|actual person|people|woman|women|man|men|actress|actor|singer
pop|movie|film|tv star|stars
my ex|boss|teacher|coworker|colleague|classmate|neighbour|neighbor|roommate|girlfriend|boyfriend|wife|husband|friend|sister|mother|mom|stepmom
president|senator|chancellor|pope
prime minister
looks|look|looking like|exactly ~2 actress|actor|singer|star
`;

export const selfHarm = `
kill|killing|hang|hanging|drown|drowning|harm|harming|poison|strangle|mutilate yourself|myself|themselves|himself|herself|oneself|ourselves
end|ending|take|taking my|your|their|his|her own? life
cut|cutting|slit|slitting myself|yourself|themselves|himself|herself ~2 wrist|wrists|arm|arms|skin|deep*
slit|slitting|cut ~1 wrist|wrists
suicide|suicides|suicidal|selfharm*
self harm*|harming|injury|mutilation
commit|committing suicide
overdose|overdosing on
starve|starving myself|yourself
purge|purging after ~2 meal|meals|eating
`;

export const glorified = `
proana|thinspo|thinspiration|promia
pro ana|mia|suicide
`;

export const instructions = `
how to|do|can|does
step|steps by step|to
tutorial|tutorials|instructions|guide|walkthrough|recipe|howto
ways|way|method|methods|techniques to|of|for
explain|explains|explaining|show|shows|showing|teach|teaches|teaching ~2 how|steps
painless|painlessly|easiest|quickest|undetect*
`;

export const weapons = `
pipe|nail|car|fertilizer|dirty|pressure cooker? bomb|bombs
build|builds|building|make|makes|making|assemble|construct ~3 bomb|bombs|explosive|explosives|grenade|grenades|detonator|ied|molotov
nerve agent|gas
sarin|ricin|tabun|anthrax|thermite|napalm
napalm|thermite|tatp|petn|rdx
3d printed|print|printing ~1 gun|firearm|rifle
`;
