// Puts the stages of the pipeline together for a command: the spool, the inspector, the recorder.

import SluiceFiles
import SluiceModel
import SluicePipeline
import SluiceSandbox
import SluiceStorage
import SluiceUploads

enum Composition {
    /// A pipeline that stores nothing. With `--store` it applies the releases in that store.
    static func checking(_ arguments: Arguments, _ given: Policy? = nil) throws -> Pipeline {
        let policy = try given ?? arguments.policy
        let inspectors = try inspectors(arguments, policy)
        let store = arguments.isSet("--store") ? try StoreLocation(arguments).open(creating: false) : nil
        return Pipeline(
            spool: MemorySpool(), inspector: inspectors, policy: policy, recorder: nil,
            releases: store?.review.releases)
    }

    /// A pipeline that records into the store.
    static func importing(_ arguments: Arguments) throws -> Pipeline {
        let policy = try arguments.policy
        let inspectors = try inspectors(arguments, policy)
        let store = try StoreLocation(arguments).open()
        return Pipeline(
            spool: store.spool, inspector: inspectors, policy: policy, recorder: store,
            releases: store.review.releases)
    }

    /// The services of the upload endpoint.
    static func serving(_ arguments: Arguments, _ options: EndpointOptions) throws -> Services {
        let policy = try arguments.policy
        let inspectors = try inspectors(
            arguments, policy, spare: EndpointOptions.spareInspections(jobs: options.jobs))
        let store = try StoreLocation(arguments).open(pacing: .prompt)
        return Services(
            policy: policy, store: store, inspectors: inspectors, inspector: RepeatedAttachments(inspectors),
            authority: TokenAuthority(store.tokens), options: options)
    }

    private static func inspectors(_ arguments: Arguments, _ policy: Policy, spare: Int = 0) throws -> InspectorPool {
        let isWeak = arguments.isSet("--weak-confinement")
        let missing = Confinement.report().filter { !$0.isOK }.map(\.name)
        if isWeak, !missing.isEmpty {
            StandardError.line(
                "sluice: inspecting with weak confinement, as asked for, without \(missing.joined(separator: " and ")); "
                    + "sluice doctor says more.")
        }
        return try InspectorPool(
            jobs: try arguments.jobs + spare, limits: ConfinementLimits(for: policy),
            deadline: policy.archives.inspectionDeadline, allowWeak: isWeak)
    }
}

extension ArchiveBudgets {
    /// Normally the archive's own time budget ends an inspection. The process is killed a little later, if it does not end by itself.
    fileprivate var inspectionDeadline: Duration { max(wallClock, .seconds(10)) + .seconds(1) }
}
