// What the tests of the object store share.

import Foundation
import SluiceFiles
import SluiceModel
import SluiceStorage
import SluiceSystem
import SluiceTestSupport

@testable import SluiceObjects

func store(_ address: String? = nil) throws -> ObjectBlobStore {
    try ObjectBlobStore(ObjectAddress(address ?? ObjectServer.shared.address()), ObjectServer.credentials)
}

/// A store whose server misbehaves, and that loses its patience soon.
func store(at server: FaultyServer, credentials: ObjectCredentials = ObjectServer.credentials) throws -> ObjectBlobStore
{
    let address = try ObjectAddress("s3://bucket/p?endpoint=http://127.0.0.1:\(server.port)")
    return ObjectBlobStore(
        ObjectClient(address, credentials, connect: .seconds(1), patience: .seconds(1)))
}

func spooled(_ bytes: [UInt8], claiming digest: Digest? = nil) throws -> SpooledAttachment {
    let reception = try MemorySpool().begin(limit: ByteCount(1 << 30))
    try bytes.withUnsafeBytes { try reception.append($0) }
    let received = try reception.finish()
    guard let digest else { return received }
    return SpooledAttachment(size: received.size, digest: digest, owning: dup(received.descriptor))
}

func nothing(_ addresses: [BlobAddress]) throws(SluiceError) -> Set<BlobAddress> { [] }
func everything(_ addresses: [BlobAddress]) throws(SluiceError) -> Set<BlobAddress> { Set(addresses) }

/// Bytes that look random; blocks of them differ by their numbers.
func content(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    var block = (0..<4096).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + block.count)
    while bytes.count < count {
        // The first block stays as the seed has made it.
        if !bytes.isEmpty {
            withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { block.replaceSubrange(0..<8, with: $0) }
        }
        bytes += block
    }
    return Array(bytes.prefix(count))
}

func readAll(_ reader: any BlobReader, step: Int = 1 << 20) throws -> [UInt8] {
    var out: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: step)
    while true {
        let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0, at: Int64(out.count)) }
        if count == 0 { return out }
        out += buffer[..<count]
    }
}

extension ObjectBlobStore {
    func put(_ name: String, _ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try put(name, $0) }
    }

    func bytes(of name: String) throws -> [UInt8]? { try open(name).map { try readAll($0) } }
}
