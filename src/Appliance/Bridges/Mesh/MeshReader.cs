using Blackwall.Decisions;
using Blackwall.Events;
using Blackwall.Intel;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Sharing;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Microsoft.Extensions.Options;
using IndicatorKind = Blackwall.Intel.IndicatorKind;

namespace Blackwall.Bridges.Mesh;

/// <summary>
/// Follows the event log, and tells the mesh what this appliance's own sensors decided: blocks and diversions, logins in the tarpit, files that were left there, clients that
/// are malware; the operator's own blocks where the settings say so. What may not be published (<see cref="SharingGuard"/>) is not told either, and nothing that came from the mesh or a feed is said again.
/// </summary>
internal sealed class MeshReader(MeshLink link, VerdictBoard board, SharingGuard guard, IOptions<IntelOptions> intel, IOptions<MeshOptions> mesh, TimeProvider time) : IEventReader
{
    private const int MostSynced = 512;
    private static readonly TimeSpan StartPause = TimeSpan.FromMilliseconds(100);
    private const string OperatorWord = "operator";
    private static readonly TimeSpan Validity = TimeSpan.FromHours(24);
    private readonly FactReader _facts = new(intel.Value, guard, mesh.Value.ShareOperatorBlocks);

    public string Name => "mesh";

    public bool IsResumed => true;

    public async Task ReadAsync(EventPage page, CancellationToken cancellation)
    {
        // What was lifted just before a restart is told after it.
        while (link.IsStarting)
        {
            await Task.Delay(StartPause, time, cancellation);
        }

        if (link.Node is not { } node)
        {
            return;
        }

        bool isPartial = page.HasGap;
        foreach (ApplianceEvent happened in page.Events)
        {
            foreach (IndicatorFact fact in _facts.Read(happened).Where(fact => fact.Source is "local" or "operator"))
            {
                Take(node, happened, fact);
            }

            if (happened.Kind is "lifted" && DecisionEvents.Lifted.Read(happened) is { Change: "lifted" } lifted && lifted.Decision.Origin is "mesh" && lifted.By is not MeshClaims.Actor
                && Prefix.TryParse(lifted.Decision.Scope, out Prefix scope))
            {
                // Somebody lifted what the mesh asked for: it would come back with the next vote.
                node.Refute(MeshClaims.ValueOf(scope));
            }

            isPartial |= FactReader.StandsForMany(happened);
            if (happened.Kind is "guard")
            {
                node.RecountAll();
            }
        }

        if (isPartial)
        {
            Sync(node);
        }

        // What was lifted is on the disk before the place in the log moves on.
        node.Flush();
    }

    private static void Take(MeshNode node, ApplianceEvent happened, IndicatorFact fact)
    {
        if (!TryValue(fact, out IndicatorValue value))
        {
            return;
        }

        if (fact.Effect is FactEffect.Revoke)
        {
            node.Withdraw(value, "lifted");
            return;
        }

        if (fact.Effect is FactEffect.Settle)
        {
            return;
        }

        bool isSession = happened.Kind is "session" && fact.Kind is IndicatorKind.Ipv4 or IndicatorKind.Ipv6;
        bool isReport = isSession || fact.DecisionId != 0 || fact.Kind is not (IndicatorKind.Ipv4 or IndicatorKind.Ipv6);
        if (!isReport || (fact.Effect is FactEffect.Add && !isSession))
        {
            // Evidence alone confirms what others say, and accuses nobody.
            node.SeenHere(value);
            return;
        }

        if (fact.Source is "operator")
        {
            // No sensor saw an attack: it weighs like the least that can be seen.
            node.Report(new IndicatorDraft(MessageKind.Sighting, value, EvidenceLevel.Scan, OperatorWord, fact.Seen, fact.Seen, 1, fact.Confidence, Validity));
            return;
        }

        EvidenceLevel level = isSession ? EvidenceLevel.Session : LevelOf(fact);
        node.Report(new IndicatorDraft(
            MessageKind.Sighting, value, level, isSession ? "tarpit-session" : DetectorOf(fact.Reason), fact.Seen, fact.Seen, Math.Max(1, fact.Sightings), Math.Max(fact.Confidence, isSession ? 90 : 0), Validity));
    }

    // Many decisions were told as one, or events were lost: the board knows them.
    private void Sync(MeshNode node)
    {
        foreach (Decision decision in Own().Where(decision => decision.Verdict >= Verdict.RedirectToTarpit))
        {
            if (guard.MayLeave(decision.Scope) && MeshClaims.ValueOf(decision.Scope) is { Text: not null } value)
            {
                bool isOperators = decision.Origin is Origin.Operator;
                node.Report(new IndicatorDraft(
                    MessageKind.Sighting, value, isOperators ? EvidenceLevel.Scan : LevelOf(decision.Reason), isOperators ? OperatorWord : DetectorOf(decision.Reason), decision.Start, decision.Start, 1, (int)(decision.Confidence * 100), Validity));
            }
        }
    }

    private IEnumerable<Decision> Own() => Of(Origin.Local).Concat(mesh.Value.ShareOperatorBlocks ? Of(Origin.Operator) : []);

    private IReadOnlyList<Decision> Of(Origin origin) => board.List(new DecisionQuery(null, null, origin, null, long.MaxValue, MostSynced)).Items;

    private static bool TryValue(IndicatorFact fact, out IndicatorValue value)
    {
        value = default;
        return fact.Kind switch
        {
            IndicatorKind.Ipv4 or IndicatorKind.Ipv6 => IndicatorValue.TryParseScope(fact.Value, out value),
            IndicatorKind.Domain => IndicatorValue.TryParse(Blackwall.Mesh.Indicators.IndicatorKind.Domain, fact.Value, out value),
            IndicatorKind.Sha256 => IndicatorValue.TryParse(Blackwall.Mesh.Indicators.IndicatorKind.Sha256, fact.Value, out value),
            IndicatorKind.Ja4 => IndicatorValue.TryParse(Blackwall.Mesh.Indicators.IndicatorKind.Ja4, fact.Value, out value),
            IndicatorKind.Hassh => IndicatorValue.TryParse(Blackwall.Mesh.Indicators.IndicatorKind.Hassh, fact.Value, out value),

            // An address of a page may hold what was typed into it.
            _ => false,
        };
    }

    private static EvidenceLevel LevelOf(IndicatorFact fact) => fact.Kind is IndicatorKind.Sha256 ? EvidenceLevel.Malware : LevelOf(fact.Reason ?? "");

    private static EvidenceLevel LevelOf(string reason) => reason switch
    {
        "port-scan" or "slow-port-scan" or "distributed-scan" or "stealth-scan" or "ping-sweep" or "beacon" or "dns-tunnel" or "icmp-tunnel" or "exfiltration" => EvidenceLevel.Scan,
        _ => EvidenceLevel.Exploit,
    };

    private static string DetectorOf(string? reason) =>
        reason is { Length: > 0 and <= 32 } && reason.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-') ? reason : "detection";
}
