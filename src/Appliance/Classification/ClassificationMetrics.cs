using Blackwall.Composition;

namespace Blackwall.Classification;

/// <summary>What is counted of models.</summary>
internal static class ClassificationMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.Gauge("blackwall.model.waiting", "{source}", "Sources that wait to be asked about.", "model", "waiting"),
        Metric.Counter("blackwall.model.dropped", "{source}", "Sources that waited and made room for newer ones.", "model", "dropped"),
        Metric.Counter("blackwall.model.cases", "{source}", "Sources that the model was asked about.", "model", "cases"),
        Metric.Counter("blackwall.model.cached", "{source}", "Sources whose numbers the model had judged before.", "model", "cached"),
        Metric.Counter("blackwall.model.unanswered", "{source}", "Sources about which no valid answer came.", "model", "unanswered"),
        Metric.Counter("blackwall.model.opinions", "{opinion}", "Opinions of the model.", "model", "opinions"),
        Metric.Counter("blackwall.model.limits", "{decision}", "Rate limits that followed from opinions.", "model", "limits"),
        Metric.Counter("blackwall.model.budget_waits", "{wait}", "Questions that waited because the minute's tokens were spent.", "model", "budgetWaits"),
        Metric.Counter("blackwall.model.questions", "{question}", "Questions to the model server.", "model", "questions"),
        Metric.Counter("blackwall.model.failures", "{question}", "Questions without a valid answer.", "model", "failures"),
        Metric.Counter("blackwall.model.unrecorded", "{exchange}", "Exchanges that the disk did not take.", "model", "unrecorded"),
        Metric.Counter("blackwall.model.tokens", "{token}", "Tokens of questions and answers, as the server counts them.", "model", "tokens"),
        Metric.Gauge("blackwall.model.paused", "1", "1: the model server gives no valid answers and is left alone.", "model", "paused"),
    ];
}
