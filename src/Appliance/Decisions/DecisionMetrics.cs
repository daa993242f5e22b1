using Blackwall.Api.Contracts;
using Blackwall.Composition;
using Blackwall.Pipeline.Model;

namespace Blackwall.Decisions;

/// <summary>What is counted of the board.</summary>
internal static class DecisionMetrics
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        Metric.All(MetricType.Gauge, "blackwall.decisions", "{decision}", "Claims in force, by who made them.", "board", "origin", "of"),
        Metric.All(MetricType.Gauge, "blackwall.verdicts", "{decision}", "Claims in force, by verdict.", "board", "verdict", "to", word: verdict => Words.For(Enum.Parse<Verdict>(verdict))),
        Metric.Gauge("blackwall.board.decisions", "{decision}", "Claims on the board.", "board", "decisions"),
        Metric.Gauge("blackwall.board.capacity", "{decision}", "Claims that the board has room for.", "board", "capacity"),
        Metric.Gauge("blackwall.board.guarded", "{entry}", "Entries of the guard set.", "board", "guarded"),
        Metric.Several(MetricType.Gauge, "blackwall.board.version", "{change}", "Version of the board, and the one that the wall holds.", "board", "by", ("version", "board"), ("enforcedVersion", "wall")),
        Metric.Several(MetricType.Gauge, "blackwall.board.waiting", "{scope}", "Changes that wait for the wall or for the store.", "board", "for", ("waitingForWall", "wall"), ("waitingForStore", "store")),
        Metric.Several(MetricType.Counter, "blackwall.board.rebuilds", "{rebuild}", "Times that everything was written anew because too many changes waited.", "board", "of", ("wallRebuilds", "wall"), ("storeRebuilds", "store")),
        Metric.Counter("blackwall.board.expired", "{decision}", "Decisions that ended by themselves.", "board", "expired"),
        Metric.Counter("blackwall.board.coalesced", "{request}", "Requests that changed nothing and were taken together.", "board", "coalesced"),
        Metric.All(MetricType.Counter, "blackwall.board.refused", "{request}", "Requests that were refused, by reason.", "board", "reason", "refused"),
        Metric.Gauge("blackwall.board.remembered", "{scope}", "Scopes whose earlier blocks are remembered.", "board", "remembered"),
        Metric.Counter("blackwall.board.forgotten", "{scope}", "Scopes whose earlier blocks were forgotten to make room.", "board", "forgotten"),
        Metric.Gauge("blackwall.board.words", "{word}", "Different reasons and actors.", "board", "words"),
        Metric.Counter("blackwall.board.word_overflows", "{word}", "Reasons and actors stored without their text because the table was full.", "board", "wordOverflows"),
        Metric.Gauge("blackwall.board.owners", "{owner}", "Owners of claims.", "board", "owners"),
        Metric.Counter("blackwall.board.reconciled", "{set}", "Times that an owner's claims were brought to a new state.", "board", "reconciled"),
        Metric.Counter("blackwall.board.untold", "{change}", "Changes not passed to observers because too many came at once.", "board", "untold"),
    ];
}
