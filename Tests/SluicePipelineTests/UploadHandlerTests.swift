import Foundation
import SluiceModel
import SluicePipeline
import SluiceSystem
import Testing

@Suite struct UploadHandlerTests {
    /// The article shows exactly the code that is compiled and run here.
    @Test func theArticleShowsThisHandler() throws {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let code = try String(contentsOf: here.appending(path: "UploadHandler.swift"), encoding: .utf8)
        let project = here.deletingLastPathComponent().deletingLastPathComponent()
        let article = try String(
            contentsOf: project.appending(path: "Sources/SluicePipeline/SluicePipeline.docc/EmbeddingSluice.md"),
            encoding: .utf8)
        #expect(article.contains("```swift\n" + code.trimmingCharacters(in: .newlines) + "\n```"))
    }

    @Test func takesWhatIsProvenAndExplainsWhatItRefuses() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sluice-handler-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let ticket = try #require(TicketID("T-1"))
        let handler = try UploadHandler(storeFolder: folder.path, inspector: TestPrograms.inspector)
        defer { handler.threads.stop() }

        let taken = await handler.upload(Array("2026-01-02 INFO started\n".utf8), named: "app.txt", to: ticket)
        #expect(taken.status == 201, "\(taken.text)")
        let again = await handler.upload(Array("2026-01-02 INFO started\n".utf8), named: "app.txt", to: ticket)
        #expect(again.status == 201)
        let refused = await handler.upload(Array("<?php\n".utf8), named: "shot.png", to: ticket)
        #expect(refused.status == 422)
        #expect(refused.text.contains("The extension .png stands for a PNG picture"), "\(refused.text)")
    }
}
