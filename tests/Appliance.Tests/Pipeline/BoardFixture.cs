using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Time.Testing;

namespace Blackwall.Tests.Pipeline;

/// <summary>A board with a clock in the test's hand.</summary>
internal sealed class BoardFixture : IDisposable, IDecisionObserver
{
    public BoardFixture(BoardOptions? options = null)
    {
        Clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Board = new VerdictBoard(options ?? new BoardOptions(), Clock, [this]);
    }

    public FakeTimeProvider Clock { get; }

    public VerdictBoard Board { get; }

    public List<DecisionChange> Changes { get; } = [];

    public void OnChange(DecisionChange change) => Changes.Add(change);

    public void Dispose() => Board.Dispose();

    public PublishResult Operator(string scope, Verdict verdict = Verdict.Drop, TimeSpan? ttl = null) =>
        Board.Publish(new DecisionRequest(Prefix.Parse(scope), verdict, Origin.Operator, "test", 1, ttl, [], null, "tester"));

    public PublishResult Automatic(string scope, Origin origin, Verdict verdict = Verdict.Drop, TimeSpan? ttl = null, EvidenceClass? evidence = EvidenceClass.Handshake)
    {
        Prefix prefix = Prefix.Parse(scope);
        IReadOnlyList<Evidence> pieces = evidence is null
            ? []
            : [new Evidence(0, prefix.Network, "port-scan", evidence.Value, 0.9, Clock.GetUtcNow(), "12 ports in 1 s")];
        return Board.Publish(new DecisionRequest(prefix, verdict, origin, "port-scan", 0.9, ttl, pieces, null, "appliance"));
    }

    public Verdict VerdictOf(string scope) => Board.Effective(Prefix.Parse(scope))?.Verdict ?? Verdict.Pass;

    public void Guard(params (string Scope, string Why)[] entries) =>
        Board.Guard(new GuardSet(entries.Select(e => new GuardEntry(Prefix.Parse(e.Scope), e.Why, Pass: true))));
}
