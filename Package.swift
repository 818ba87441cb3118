// swift-tools-version: 6.2
import PackageDescription

/// The house rules of the compiler, alike in every target (one place, so that no target drifts).
let houseSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: houseSettings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: houseSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: houseSettings)
}

func cLibrary(_ name: String, debian package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/CLibraries/\(name)", providers: [.apt([package])])
}

let package = Package(
    name: "Sluice",
    products: [
        .executable(name: "sluice", targets: ["sluice"]),
        .library(
            name: "Sluice",
            targets: [
                "SluicePipeline", "SluicePolicy", "SluiceSandbox", "SluiceStorage", "SluiceSQLite", "SluiceFiles",
                "SluiceSystem", "SluiceModel",
            ]),
    ],
    targets: [
        cLibrary("CMagic", debian: "libmagic-dev"),
        cLibrary("CArchive", debian: "libarchive-dev"),
        cLibrary("CZlib", debian: "zlib1g-dev"),
        cLibrary("CZstd", debian: "libzstd-dev"),
        cLibrary("CISAL", debian: "libisal-dev"),
        cLibrary("CExpat", debian: "libexpat1-dev"),
        // The same library as CCrypto, under a second name: each module of C belongs to one room.
        cLibrary("CCiphers", debian: "libssl-dev"),
        cLibrary("CNettle", debian: "nettle-dev"),
        cLibrary("CSeccomp", debian: "libseccomp-dev"),
        cLibrary("CSQLite", debian: "libsqlite3-dev"),
        cLibrary("CPostgres", debian: "libpq-dev"),
        cLibrary("CCrypto", debian: "libssl-dev"),
        cLibrary("CMicroHTTPD", debian: "libmicrohttpd-dev"),
        cLibrary("CDisk", debian: "libc6-dev"),
        cLibrary("CCurl", debian: "libcurl4-openssl-dev"),
        // The same library as CExpat, for the answers of object stores.
        cLibrary("CObjectXML", debian: "libexpat1-dev"),

        room("SluiceSystem", ["CCrypto", "CZstd"]),
        room("SluiceModel"),
        room(
            "SluiceInspection",
            ["SluiceModel", "CMagic", "CArchive", "CZlib", "CISAL", "CExpat", "CCiphers", "CNettle"]),
        room("SluicePolicy", ["SluiceModel"]),
        // System calls that Swift cannot make by itself (fork, Landlock, seccomp, descriptor passing).
        .target(name: "CSandbox", path: "Sources/CLibraries/CSandbox"),
        room("SluiceSandbox", ["SluiceModel", "SluiceSystem", "CSeccomp", "CSandbox"]),
        // A file lock with a deadline, for which a timer has to interrupt the thread that waits.
        .target(name: "CTimedLock", path: "Sources/CLibraries/CTimedLock"),
        // What is stored and by which rules, against protocols; the engines are the rooms below.
        room("SluiceStorage", ["SluiceModel", "SluiceSystem"]),
        room("SluiceSQLite", ["SluiceStorage", "SluiceModel", "SluiceSystem", "CSQLite"]),
        room("SluicePostgres", ["SluiceStorage", "SluiceModel", "SluiceSystem", "CPostgres"]),
        room("SluiceFiles", ["SluiceStorage", "SluiceModel", "SluiceSystem", "CDisk", "CTimedLock"]),
        room("SluiceObjects", ["SluiceStorage", "SluiceModel", "SluiceSystem", "CCurl", "CObjectXML"]),
        room("SluicePipeline", ["SluiceModel", "SluicePolicy"]),
        // System calls of the drop folder that Swift cannot make by itself (openat2, inotify, leases, sd_notify).
        .target(name: "CDropFolder", path: "Sources/CLibraries/CDropFolder"),
        room("SluiceDropFolder", ["SluiceModel", "SluiceSystem", "SluicePipeline", "CDropFolder"]),
        // The page's files and the API's document, embedded.
        .target(name: "CPages", path: "Sources/SluiceUploads/Pages", exclude: ["Web", "openapi.json"]),
        room("SluiceServer", ["SluiceModel", "SluiceSystem", "CMicroHTTPD"]),
        room(
            "SluiceUploads",
            ["SluiceModel", "SluiceSystem", "SluiceStorage", "SluicePipeline", "SluiceServer", "CPages"],
            exclude: ["Pages"]),
        program(
            "sluice",
            [
                "SluiceModel", "SluiceSystem", "SluicePolicy", "SluiceSandbox", "SluiceStorage", "SluiceSQLite",
                "SluicePostgres", "SluiceFiles", "SluiceObjects", "SluicePipeline", "SluiceDropFolder", "SluiceServer",
                "SluiceUploads",
            ]),
        program("sluice-inspector", ["SluiceModel", "SluiceInspection", "SluiceSandbox"]),
        // What confinement costs and how fast texts are understood, measured; no product.
        program("sluice-bench", ["SluiceModel", "SluiceInspection", "SluicePolicy", "SluiceSandbox"]),

        // Builders of test inputs: every odd byte is a parameter. Never a dependency of a product.
        .target(
            name: "SluiceTestSupport",
            dependencies: [
                "SluiceModel", "SluiceSystem", "SluiceStorage", "SluiceSQLite", "SluicePostgres", "SluiceFiles",
                "SluiceObjects",
            ],
            path: "Tests/SluiceTestSupport",
            swiftSettings: houseSettings),
        tests("SluiceSystemTests", ["SluiceSystem"]),
        tests("SluiceModelTests", ["SluiceModel"]),
        tests("SluiceInspectionTests", ["SluiceInspection", "SluiceModel", "SluiceTestSupport", "CCiphers"]),
        tests("SluicePolicyTests", ["SluicePolicy", "SluiceModel"]),
        // Programs that the sandbox's tests run: an inspector that misbehaves on demand, and attempts to get out of the confinement.
        .target(name: "CProbes", path: "Tests/CProbes"),
        .executableTarget(
            name: "StubInspector", dependencies: ["SluiceModel", "SluiceSandbox"], path: "Tests/StubInspector",
            swiftSettings: houseSettings),
        .executableTarget(
            name: "EscapeProbes", dependencies: ["SluiceModel", "SluiceSandbox", "CSandbox", "CProbes"],
            path: "Tests/EscapeProbes", swiftSettings: houseSettings),
        .executableTarget(
            name: "PoolDriver", dependencies: ["SluiceModel", "SluiceSandbox", "CSandbox"], path: "Tests/PoolDriver",
            swiftSettings: houseSettings),
        tests(
            "SluiceSandboxTests",
            ["SluiceSandbox", "SluiceModel", "CSandbox", "StubInspector", "EscapeProbes", "PoolDriver"]),
        tests(
            "SluiceStorageTests",
            [
                "SluiceStorage", "SluicePostgres", "SluiceSQLite", "SluiceFiles", "SluiceObjects", "SluiceModel",
                "SluiceSystem",
                "SluiceTestSupport", "CSQLite", "StoreCrashProbe",
            ],
            exclude: ["Stores"]),
        tests(
            "SluiceObjectsTests",
            ["SluiceObjects", "SluiceStorage", "SluiceFiles", "SluiceModel", "SluiceSystem", "SluiceTestSupport"]),
        tests(
            "SluicePostgresTests",
            [
                "SluicePostgres", "SluiceStorage", "SluiceSQLite", "SluiceFiles", "SluiceModel", "SluiceSystem",
                "SluiceTestSupport",
            ]),
        // Imports attachments while a test kills it or injects faults. Never a dependency of a product.
        .executableTarget(
            name: "StoreCrashProbe",
            dependencies: ["SluiceStorage", "SluiceSQLite", "SluiceFiles", "SluiceModel"],
            path: "Tests/StoreCrashProbe",
            swiftSettings: houseSettings),
        tests(
            "SluicePipelineTests",
            [
                "SluicePipeline", "SluicePolicy", "SluiceSandbox", "SluiceStorage", "SluiceSQLite", "SluiceFiles",
                "SluiceModel", "SluiceSystem", "SluiceTestSupport", "StubInspector",
            ]),
        // Fuzz targets in a short form, and the program around them that Scripts/fuzz builds for libFuzzer.
        tests(
            "FuzzTests",
            [
                "SluiceInspection", "SluiceSandbox", "SluiceUploads", "SluicePolicy", "SluicePipeline", "SluiceModel",
                "SluiceTestSupport",
            ]),
        tests("EndToEndTests", ["SluiceModel", "SluiceSandbox", "SluiceTestSupport", "StubInspector"]),
        tests("SluiceServerTests", ["SluiceServer", "SluiceModel", "SluiceSystem"]),
        tests(
            "SluiceUploadsTests",
            [
                "SluiceUploads", "SluiceServer", "SluiceModel", "SluiceSystem", "SluicePolicy", "SluiceSandbox",
                "SluiceFiles", "SluiceStorage", "SluicePipeline", "SluiceTestSupport",
            ]),
        tests("SluiceDropFolderTests", ["SluiceDropFolder", "SluiceModel", "SluiceSystem", "SluicePipeline"]),
    ]
)
