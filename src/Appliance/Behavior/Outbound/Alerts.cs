using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Settings;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// The behaviour of an inside host is reported and never blocked: it is our own, and its owner has to look after it. The outside end may be blocked where
/// the operator wants that, and only when it has answered, which nobody can forge.
/// </summary>
internal sealed class Alerts(DetectionOptions options, BootClock clock, EvidenceCounts counts, FalsePositiveLedger ledger)
{
    private const string Actor = "appliance";

    /// <param name="inside">Whose behaviour it is.</param>
    /// <param name="outside">The other end; null: no single one.</param>
    /// <param name="answered">Whether the other end completed a handshake with us.</param>
    /// <param name="kind">What was seen.</param>
    /// <param name="weight">0..1.</param>
    /// <param name="facts">What was measured.</param>
    /// <param name="now">Event time.</param>
    /// <param name="findings">Where results go.</param>
    public void Raise(Address inside, Address? outside, bool answered, EvidenceKind kind, double weight, EvidenceFacts facts, ulong now, IFindings findings)
    {
        if (ledger.Damps(inside, kind, clock.ToDate(now)))
        {
            return;
        }

        counts.Count(kind);
        EvidenceClass proof = answered ? EvidenceClass.Handshake : EvidenceClass.Spoofable;
        findings.Record(Evidence.Create(inside, kind.Name, proof, weight, clock.ToDate(now), facts));
        if (outside is not { } end || !answered || options.OutboundVerdict == OutboundResponse.Alert)
        {
            return;
        }

        Evidence accusation = Evidence.Create(end, kind.Name, EvidenceClass.Handshake, weight, clock.ToDate(now), facts with { Inside = $"{inside}" });
        Verdict verdict = options.OutboundVerdict == OutboundResponse.Drop ? Verdict.Drop : Verdict.RateLimit;
        findings.Decide(new DecisionRequest(Prefix.Host(end), verdict, Origin.Local, accusation.Kind, Math.Round(weight, 2), null, [accusation], null, Actor));
    }
}
