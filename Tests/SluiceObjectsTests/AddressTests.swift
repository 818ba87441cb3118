// How an object store is named, and where its keys come from.

import Foundation
import SluiceModel
import Testing

@testable import SluiceObjects

struct AddressTests {
    @Test("An address is read with all its parts")
    func parts() throws {
        let address = try ObjectAddress(
            "s3://portal-files/site/a?endpoint=http://127.0.0.1:9000&region=eu-central-1&style=virtual&ca=/etc/a%20b.pem"
        )
        #expect(address.bucket == "portal-files")
        #expect(address.prefix == "site/a")
        #expect(address.endpoint.text == "http://127.0.0.1:9000")
        #expect(address.region == "eu-central-1")
        #expect(address.style == .virtual)
        #expect(address.certificates == "/etc/a b.pem")
        #expect(!address.isUnprotected)
    }

    @Test("Without an endpoint it is the cloud's own, with a name for each bucket")
    func usual() throws {
        let address = try ObjectAddress("s3://bucket?region=eu-west-3")
        #expect(address.endpoint.text == "https://s3.eu-west-3.amazonaws.com")
        #expect(address.style == .virtual)
        #expect(try ObjectAddress("s3://bucket/?endpoint=https://files.example").style == .path)
        #expect(try ObjectAddress("s3://bucket?endpoint=http://[::1]:9000").endpoint.isLoopback)
    }

    @Test(
        "What is wrong is named",
        arguments: [
            ("s3://bucket?regoin=x", "regoin", "Did you mean region?"),
            ("s3://bucket?endpoint=http://files.example", "not encrypted", "insecure=yes"),
            ("s3://bucket?endpoint=http://127.0.0.1.example:9000", "not encrypted", "insecure=yes"),
            ("s3://key:word@bucket", "contains keys", "AWS_ACCESS_KEY_ID"),
            ("s3://bucket?secret_key=abc", "contains keys", "AWS_ACCESS_KEY_ID"),
            ("s3://bucket?endpoint=https://a:b@files.example", "password", "AWS_ACCESS_KEY_ID"),
            ("s3://Bucket", "cannot be the name of a bucket", "lower-case"),
            ("s3://bucket/a/../b", "prefix", "letters"),
            ("s3://bucket?endpoint=ftp://x", "not the address", "https://"),
            ("s3://bucket?endpoint=https://x/path", "not the address", "without a path"),
            ("s3://bucket?endpoint=https://x:0", "not the address", "without a path"),
            ("s3://bucket?region=", "no value", "region=VALUE"), ("s3://bucket?style=odd", "unknown", "style=path"),
            ("/a/folder", "s3://", "s3://"),
        ])
    func wrong(text: String, what: String, mend: String) throws {
        let failure = try #require(throws: ObjectAddressFailure.self) { try ObjectAddress(text) }
        #expect(failure.what.contains(what), "\(failure.what)")
        #expect(failure.mend.contains(mend), "\(failure.mend)")
        #expect(!failure.what.contains(":word") && !failure.what.contains("abc") && !failure.mend.contains("abc"))
    }

    @Test("A network without encryption has to be wished, and is told")
    func insecure() throws {
        #expect(try ObjectAddress("s3://bucket?endpoint=http://10.0.0.1:9000&insecure=yes").isUnprotected)
    }

    @Test("The environment goes before the file, and the profile chooses in the file")
    func keys() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = """
            # keys
            [default]
            aws_access_key_id = one
            aws_secret_access_key=two/+=
            [ other ]
            AWS_ACCESS_KEY_ID=three
            aws_secret_access_key = four
            aws_session_token = five
            """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        func keys(_ environment: [String: String]) throws -> ObjectKeys {
            try ObjectCredentials { environment[$0] }.keys()
        }
        let file = ["AWS_SHARED_CREDENTIALS_FILE": path]
        #expect(try keys(file) == ObjectKeys(id: "one", secret: "two/+="))
        #expect(
            try keys(file.merging(["AWS_PROFILE": "other"]) { $1 })
                == ObjectKeys(id: "three", secret: "four", token: "five"))
        let both = file.merging(["AWS_ACCESS_KEY_ID": "six", "AWS_SECRET_ACCESS_KEY": "seven"]) { $1 }
        #expect(try keys(both) == ObjectKeys(id: "six", secret: "seven"))
        for wrong in [
            ["AWS_PROFILE": "none"].merging(file) { $1 }, ["HOME": "/nowhere"], [:], ["AWS_ACCESS_KEY_ID": "x"],
        ] {
            let error = try #require(throws: SluiceError.self) { try keys(wrong) }
            #expect(error.code == "store.not-permitted")
        }
        #expect(!"\(ObjectKeys(id: "one", secret: "two"))".contains("two"))
    }
}
