/**
 * The rules moderators decide by: a small table, versioned. Invariants: a policy whose words, ground or default change gets a new
 * version, and decisions keep naming the one they were taken under; every report reason points to at least one policy. Used by the case
 * object, the console and the numbers. The categories are those of the DSA Transparency Database. Not legal advice.
 */
import type { PolicyView } from '#schemas/http/moderation.ts';
import type { Finding, ReportReason } from '#schemas/moderation.ts';

export interface Policy extends PolicyView {
  /** For `illegal`: the law in words; for `incompatible`: the section of our rules. */
  readonly groundText: string;
  /** Points that a decision in force under it counts against the account; they lapse. */
  readonly strikePoints: number;
}

export const policies: readonly Policy[] = [
  {
    id: 'minor-safety',
    version: 1,
    title: 'Safety of children',
    text: 'Nothing may show a child, or somebody made to look like a child, in a sexual way, or put a child in danger.',
    category: 'STATEMENT_CATEGORY_PROTECTION_OF_MINORS',
    ground: 'illegal',
    groundText: 'Laws against the sexual exploitation and abuse of children',
    severity: 5,
    harmClass: 'minor',
    defaultAction: 'remove',
    urgent: true,
    strikePoints: 8,
  },
  {
    id: 'intimate-image',
    version: 1,
    title: 'Intimate images without consent',
    text: 'Nothing may show a real person naked or in a sexual situation without their consent, also when it was made by a machine.',
    category: 'STATEMENT_CATEGORY_CYBER_VIOLENCE',
    ground: 'illegal',
    groundText: 'Laws against publishing intimate images, real or synthetic, without consent',
    severity: 5,
    harmClass: 'sexual',
    defaultAction: 'remove',
    urgent: true,
    strikePoints: 6,
  },
  {
    id: 'likeness',
    version: 1,
    title: 'A likeness without consent',
    text: 'A real person may be shown or imitated only with their consent. Everybody can take that consent back.',
    category: 'STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS',
    ground: 'incompatible',
    groundText: 'Rules of the house, "Likeness needs consent"',
    severity: 4,
    harmClass: 'none',
    defaultAction: 'remove',
    urgent: false,
    strikePoints: 3,
  },
  {
    id: 'sexual-content',
    version: 1,
    title: 'Sexual content',
    text: 'Pornography and sexual acts are not shown here.',
    category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
    ground: 'incompatible',
    groundText: 'Rules of the house, "No pornography"',
    severity: 3,
    harmClass: 'sexual',
    defaultAction: 'remove',
    urgent: false,
    strikePoints: 2,
  },
  {
    id: 'violence',
    version: 1,
    title: 'Violence',
    text: 'Cruelty is not shown for its own sake, and nobody is threatened or called upon to hurt somebody.',
    category: 'STATEMENT_CATEGORY_VIOLENCE',
    ground: 'incompatible',
    groundText: 'Rules of the house, "No cruelty, no threats"',
    severity: 4,
    harmClass: 'violence',
    defaultAction: 'remove',
    urgent: false,
    strikePoints: 3,
  },
  {
    id: 'hate',
    version: 1,
    title: 'Hatred',
    text: 'Nobody is attacked for their origin, skin, religion, sex, gender, orientation, age or disability.',
    category: 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH',
    ground: 'incompatible',
    groundText: 'Rules of the house, "No hatred"',
    severity: 4,
    harmClass: 'hate',
    defaultAction: 'remove',
    urgent: false,
    strikePoints: 3,
  },
  {
    id: 'copyright',
    version: 1,
    title: 'Works of others',
    text: 'Works of others are used only with permission or where the law allows it.',
    category: 'STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS',
    ground: 'illegal',
    groundText: 'Copyright law',
    severity: 2,
    harmClass: 'none',
    defaultAction: 'remove',
    urgent: false,
    strikePoints: 1,
  },
  {
    id: 'deceptive-provenance',
    version: 1,
    title: 'False origin',
    text: 'Credentials, marks and labels must tell where a film comes from. Forged, damaged or removed ones are not accepted.',
    category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
    ground: 'incompatible',
    groundText: 'Rules of the house, "Say where it comes from"',
    severity: 3,
    harmClass: 'none',
    defaultAction: 'label',
    urgent: false,
    strikePoints: 1,
  },
  {
    id: 'enrolment-identity',
    version: 1,
    title: 'Enrolling a likeness',
    text: 'A likeness is enrolled by the person it belongs to, with a fresh recording of themselves.',
    category: 'STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS',
    ground: 'incompatible',
    groundText: 'Rules of the house, "Only you enrol yourself"',
    severity: 3,
    harmClass: 'none',
    defaultAction: 'refuse',
    urgent: false,
    strikePoints: 0,
  },
  {
    id: 'spam',
    version: 1,
    title: 'Spam',
    text: 'The same thing again and again, bought reach and misleading advertising are kept out of lists.',
    category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
    ground: 'incompatible',
    groundText: 'Rules of the house, "No spam"',
    severity: 1,
    harmClass: 'none',
    defaultAction: 'demote',
    urgent: false,
    strikePoints: 1,
  },
  {
    id: 'other-terms',
    version: 1,
    title: 'Other rules of the house',
    text: 'Something the rules of the house do not allow and that has no name of its own here.',
    category: 'STATEMENT_CATEGORY_OTHER_VIOLATION_TC',
    ground: 'incompatible',
    groundText: 'Rules of the house',
    severity: 2,
    harmClass: 'none',
    defaultAction: 'demote',
    urgent: false,
    strikePoints: 1,
  },
];

/** Null when there is none of that name. */
export function policyOf(id: string): Policy | null {
  return policies.find((policy) => policy.id === id) ?? null;
}

/** What a report points to, most likely first. */
const byReason: Readonly<Record<ReportReason, readonly [string, ...string[]]>> = {
  likeness: ['likeness', 'intimate-image'],
  intimate: ['intimate-image', 'sexual-content'],
  minor: ['minor-safety', 'sexual-content'],
  violence: ['violence'],
  hate: ['hate'],
  copyright: ['copyright'],
  spam: ['spam'],
  other: ['other-terms'],
};

const bySource: Readonly<Record<Finding['source'], string>> = {
  policy: 'other-terms',
  'hash-match': 'other-terms',
  provenance: 'deceptive-provenance',
  likeness: 'likeness',
  enrolment: 'enrolment-identity',
};

export function policiesOfReason(reason: ReportReason): readonly [string, ...string[]] {
  return byReason[reason];
}

/** The policy a finding names, or that its source stands for. */
export function policyOfFinding({ policyId, source }: Pick<Finding, 'policyId' | 'source'>): string {
  return policyId !== null && policyOf(policyId) !== null ? policyId : bySource[source];
}

/** Ids that reports and findings point to, each once, the severest first. */
export function suggestedPolicies(
  reports: readonly { readonly reason: ReportReason }[],
  findings: readonly Pick<Finding, 'policyId' | 'source'>[],
): string[] {
  const first = [...findings.map(policyOfFinding), ...reports.map(({ reason }) => byReason[reason][0])];
  const rest = reports.flatMap(({ reason }) => byReason[reason].slice(1));
  const severity = (id: string) => policyOf(id)?.severity ?? 0;
  return [
    ...[...new Set(first)].sort((a, b) => severity(b) - severity(a)),
    ...[...new Set(rest)].filter((id) => !first.includes(id)),
  ];
}
