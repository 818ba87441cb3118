import SluiceModel
enum CategoryJudge {
    static func judge(name: [UInt8], recognized: RecognizedType, text: TextFeatures?) -> CategoryJudgement {
        CategoryJudgement(.other, basis: "stub", confidence: 0)
    }
    static func judgeArchive(members: [(size: ByteCount, judgement: CategoryJudgement)]) -> CategoryJudgement {
        CategoryJudgement(.other, basis: "stub", confidence: 0)
    }
}
