// How fast a text is understood: inspected in this process, its category judged with its reason, with and without its card.
// `Scripts/bench categories` makes the material, runs it and judges the figures.

import Glibc
import SluiceInspection
import SluiceModel
import SluicePolicy

enum TextSpeed {
    /// Prints a line a file: name, bytes, then the processor time of one reading in nanoseconds, without a card and with one (medians of
    /// `rounds` measurements, turn by turn), and the category; separated by tabs.
    static func run(_ rounds: Int, _ paths: some Sequence<String>) {
        for path in paths {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            let content = read(path)
            var times: [[Int]] = [[], []]
            var category = ""
            let inspection = AttachmentInspection()
            // A small file is read many times in a row: a clock's tick must not be what is measured.
            let inARow = max(1, (256 << 10) / max(1, content.count))
            for round in 0...rounds {
                for (way, wantsCard) in [false, true].enumerated() {
                    let begun = processorNanoseconds()
                    for _ in 0..<inARow { category = judge(content, name, inspection, wantsCard) }
                    let spent = (processorNanoseconds() - begun) / inARow
                    if round > 0 { times[way].append(spent) }  // the first one warms up
                }
            }
            let medians = times.map { $0.sorted()[$0.count / 2] }
            print("\(name)\t\(content.count)\t\(medians[0])\t\(medians[1])\t\(category)")
        }
    }

    private static func judge(
        _ content: [UInt8], _ name: String, _ inspection: AttachmentInspection, _ wantsCard: Bool
    ) -> String {
        let declared = DeclaredName(name)
        let order = InspectionOrder(declaredExtension: declared.fileExtension, wantsCard: wantsCard)
        let evidence = inspection.inspect(content.span, order)
        return CategoryJudge.judge(name: declared, recognized: evidence.recognized, text: evidence.text).category
            .rawValue
    }

    private static func read(_ path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { fail("\(path) cannot be opened") }
        defer { close(file) }
        var content = [UInt8](repeating: 0, count: Int(lseek(file, 0, SEEK_END)))
        guard pread(file, &content, content.count, 0) == content.count else { fail("\(path) cannot be read") }
        return content
    }

    private static func processorNanoseconds() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
        return now.tv_sec * 1_000_000_000 + now.tv_nsec
    }
}
