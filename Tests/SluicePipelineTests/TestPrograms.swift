import Foundation

/// The programs of this package, beside the test bundle.
enum TestPrograms {
    static var inspector: String {
        let image = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        var folder = URL(filePath: image).deletingLastPathComponent()
        for argument in CommandLine.arguments where argument.contains(".xctest") && !image.contains(".xctest") {
            folder = URL(filePath: String(argument.prefix { $0 != "=" })).deletingLastPathComponent()
        }
        return folder.appending(path: "sluice-inspector").path
    }
}
