// Where the sandbox's test programs are, and how one is run to its end. What they do stands in their own folders.

import CSandbox
import Glibc
import SluiceModel
import Testing

enum TestProgram: String {
    case stub = "StubInspector"
    case probes = "EscapeProbes"
    case driver = "PoolDriver"

    /// Beside the test bundle, where the package's build puts every program.
    var path: String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
        let folder = buffer[..<max(0, count)].lastIndex(of: UInt8(ascii: "/")).map { buffer[...$0] } ?? []
        return String(decoding: folder, as: UTF8.self) + rawValue
    }

    /// Runs it and takes its lines, each split at tabs.
    /// - Parameter status: the wait status that it must end with.
    func lines(_ arguments: String..., ending status: CInt = 0) throws -> [[String]] {
        var ends: [CInt] = [-1, -1]
        try #require(sandbox_socket_pair(false, &ends) == 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        var vector: [UnsafeMutablePointer<CChar>?] = []
        for word in [path] + arguments { vector.append(strdup(word)) }
        vector.append(nil)
        defer { for word in vector { free(word) } }
        var process: pid_t = 0
        let started = posix_spawn(&process, path, &actions, nil, vector, environ)
        close(ends[1])
        defer { close(ends[0]) }
        try #require(started == 0, "\(path) cannot be started")
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = read(ends[0], &chunk, chunk.count), count > 0 { output += chunk[..<count] }
        var ended: CInt = -1
        while waitpid(process, &ended, 0) < 0, errno == EINTR {}
        #expect(ended == status)
        return String(decoding: output, as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: "\t").map(String.init) }
    }
}

extension SpooledAttachment {
    /// An unnamed file in memory with this content, open for writing as the spool's are.
    static func of(_ text: String) throws -> SpooledAttachment {
        let file = sandbox_memory_file()
        try #require(file >= 0 && pwrite(file, text, text.utf8.count, 0) == text.utf8.count)
        let digest = try #require(Digest([UInt8](repeating: 0, count: Digest.byteCount)))
        return SpooledAttachment(size: ByteCount(text.utf8.count), digest: digest, owning: file)
    }
}
