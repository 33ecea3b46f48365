/** What a text is about: the share of its words that belong to each of a few broad fields. */

const FIELDS = {
  science:
    'energy force mass velocity acceleration gravity electron proton atom atoms molecule molecules chemical reaction acid solution temperature pressure gas liquid heat light wave waves magnetic electric circuit planet planets sun star earth moon orbit rock rocks water experiment scientist scientists physics chemistry element carbon oxygen hydrogen nuclear wavelength frequency soil weather climate volcano fossil ocean',
  life: 'cell cells dna gene genes protein proteins organism organisms species plant plants animal animals evolution bacteria virus enzyme membrane chromosome chromosomes muscle blood brain heart bone tissue hormone immune infection disease ecosystem photosynthesis predator habitat offspring trait traits genetic body biology anatomy nerve',
  medicine:
    'patient patients year-old clinical symptoms diagnosis treatment therapy doctor physician hospital drug dose mg surgery pain fever cancer chronic acute syndrome nurse medication physical examination history presents serum examination pregnancy diabetes blood health diet vitamin',
  law: 'court law laws statute defendant plaintiff contract liability negligence criminal crime guilty jury trial constitution constitutional amendment evidence witness property owner seller buyer attorney legal rights treaty jurisdiction murder state police sued breach damages appeal',
  society:
    'government president policy political party election vote war world power economy market price demand supply income tax trade inflation money bank interest company business firm firms management employee employees organization social culture group population women men national international countries rate cost costs capital',
  history:
    'century empire king queen war revolution battle ancient civilization dynasty emperor soldiers army colonial colonies slavery independence treaty medieval kingdom rome roman greek british french soviet american civil history bc ad historical',
  mind: 'psychology behavior behaviour theory personality memory learning anxiety depression emotion emotional cognitive child children development stress attachment therapist mental self social moral ethics ethical wrong right philosophy argument claim belief god religion religious virtue morally standards',
  quantity:
    'number numbers equation function solve value integer integers sum product ratio probability triangle circle square angle area length polynomial real positive matrix vector derivative integral prime divided remainder factor digits graph slope average mean total percent fraction half twice times each cost costs left spend buy hours minutes miles days week dollars many much',
  computing:
    'function code program python java javascript array list string algorithm data input output file class method variable loop server network computer software database query sql api memory processor code byte bytes key user security encryption model training learning neural network test return given write',
  everyday:
    'go house home room kitchen car dog cat food eat drink play playing game friend friends family school work day night morning walk street door table chair person someone man woman boy girl people shop store buy clothes bed baby party music book sleep feel want',
  arts: 'song songs film movie movies actor actress singer band album show series season tv episode book novel author wrote played plays character star award team football baseball basketball game cup champion league olympic player sport winner voice theme released',
  places:
    'city country capital river island north south east west mountain sea state states located located region border county town lake coast london england france germany china india africa america europe european australia canada california york',
} as const;

export const TOPICS: readonly string[] = Object.keys(FIELDS);

const TOPICS_OF: ReadonlyMap<string, readonly number[]> = index();

function index(): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [topic, words] of Object.values(FIELDS).entries()) {
    for (const word of new Set(words.split(' '))) found.set(word, [...(found.get(word) ?? []), topic]);
  }
  return found;
}

/** For each topic, 0 to 1: the root of its words' share, so that a few telling words count. */
export function topicShares(words: readonly string[]): number[] {
  const counts = TOPICS.map(() => 0);
  for (const word of words) {
    for (const topic of TOPICS_OF.get(word) ?? []) counts[topic] = (counts[topic] ?? 0) + 1;
  }
  return counts.map((count) => Math.min(1, 1.5 * Math.sqrt(count / Math.max(4, words.length))));
}
