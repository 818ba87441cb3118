// The stretches of time that the lines cover, and the gaps between them; also for dates without a year.

import SluiceModel

/// Stretches of time with no hole of an hour, in order; a bounded number of them, the nearest two becoming one where there are more.
struct TimeCoverage {
    private static let most = 64
    static let hole: Int64 = 3600
    private(set) var stretches: [BundleCard.Gap] = []
    private var latest = 0

    @inline(__always)
    mutating func add(_ time: Int64) {
        // Nearly always the stretch that the line before fell into.
        if latest < stretches.count, time >= stretches[latest].from, time <= stretches[latest].to { return }
        place(time, time)
    }

    mutating func place(_ from: Int64, _ to: Int64) {
        var at = 0
        while at < stretches.count, stretches[at].to + Self.hole < from { at += 1 }
        if at < stretches.count, stretches[at].from - Self.hole <= to {
            stretches[at].from = min(stretches[at].from, from)
            stretches[at].to = max(stretches[at].to, to)
            while at + 1 < stretches.count, stretches[at + 1].from - stretches[at].to <= Self.hole { join(at) }
        } else {
            stretches.insert(BundleCard.Gap(from: from, to: to), at: at)
            if stretches.count > Self.most { joinNearest() }
        }
        latest = min(at, stretches.count - 1)
    }

    private mutating func join(_ at: Int) {
        stretches[at].to = max(stretches[at].to, stretches[at + 1].to)
        stretches.remove(at: at + 1)
    }

    private mutating func joinNearest() {
        var best = 0
        for at in 1..<stretches.count - 1
        where stretches[at + 1].from - stretches[at].to < stretches[best + 1].from - stretches[best].to { best = at }
        join(best)
    }

    /// The holes between the stretches, the longest ones, in the order of time.
    func gaps(_ most: Int) -> [BundleCard.Gap] {
        let all = zip(stretches, stretches.dropFirst()).map { BundleCard.Gap(from: $0.to, to: $1.from) }
        guard all.count > most else { return all }
        return all.sorted { $0.to - $0.from > $1.to - $1.from }.prefix(most).sorted { $0.from < $1.from }
    }
}

/// The times of all lines: those with a full date, and those without a year.
struct CardTimes {
    /// A leap year, so that every day of the calendar is in it: dates without a year lie in here, as a circle.
    static let nominalYear: Int64 = 2000
    private static let circle: Int64 = 366 * 86400
    private static let circleStart = CivilTime.seconds(year: nominalYear, month: 1, day: 1)

    private var dated = TimeCoverage()
    private var yearless = TimeCoverage()

    @inline(__always)
    mutating func add(_ moment: LineTimes.Moment) {
        if moment.hasYear { dated.add(moment.seconds) } else { yearless.add(moment.seconds) }
    }

    mutating func add(_ other: CardTimes) {
        for stretch in other.dated.stretches { dated.place(stretch.from, stretch.to) }
        for stretch in other.yearless.stretches { yearless.place(stretch.from, stretch.to) }
    }

    /// Writes first, last and gaps. Where other lines tell the year, lines without one are placed beside them; where none does, the
    /// times have no year: they begin behind the longest stretch of the calendar without a line.
    func write(_ card: inout BundleCard) {
        var coverage = dated
        card.hasYear = true
        if !yearless.stretches.isEmpty {
            let unrolled = unrolled()
            if let first = dated.stretches.first, let last = dated.stretches.last {
                for stretch in moved(unrolled, beside: first.from, last.to) { coverage.place(stretch.from, stretch.to) }
            } else {
                for stretch in unrolled { coverage.place(stretch.from, stretch.to) }
                card.hasYear = false
            }
        }
        card.first = coverage.stretches.first?.from
        card.last = coverage.stretches.last?.to
        card.gaps = coverage.gaps(BundleCard.Bounds.gaps)
    }

    /// The circle of the calendar, cut at its longest hole.
    private func unrolled() -> [BundleCard.Gap] {
        let stretches = yearless.stretches
        var cut = 0
        // The hole over the turn of the year.
        var longest = stretches[0].from + Self.circle - stretches[stretches.count - 1].to
        for at in 1..<max(1, stretches.count) where stretches[at].from - stretches[at - 1].to > longest {
            longest = stretches[at].from - stretches[at - 1].to
            cut = at
        }
        return stretches[cut...]
            + stretches[..<cut].map { BundleCard.Gap(from: $0.from + Self.circle, to: $0.to + Self.circle) }
    }

    /// The same days in the year that brings them nearest to a stretch of dated time.
    private func moved(_ stretches: [BundleCard.Gap], beside first: Int64, _ last: Int64) -> [BundleCard.Gap] {
        let around = CivilTime.civil(last).year
        var best: (distance: Int64, stretches: [BundleCard.Gap])?
        for year in [around, around - 1, around + 1] {
            let shifted = stretches.map { BundleCard.Gap(from: Self.shift($0.from, year), to: Self.shift($0.to, year)) }
            let distance = max(0, shifted[0].from - last, first - shifted[shifted.count - 1].to)
            if best == nil || distance < best!.distance { best = (distance, shifted) }
        }
        return best!.stretches
    }

    /// From the nominal year (or the one after it) into `year` (or the one after it).
    private static func shift(_ nominal: Int64, _ year: Int64) -> Int64 {
        let isLater = nominal >= circleStart + circle
        let civil = CivilTime.civil(isLater ? nominal - circle : nominal)
        let day = CivilTime.seconds(year: isLater ? year + 1 : year, month: civil.month, day: civil.day)
        return day + (nominal - circleStart) % 86400
    }
}
