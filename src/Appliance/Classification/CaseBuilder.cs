using System.Globalization;
using Blackwall.Classification.Embedded;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Classification;

/// <summary>Makes a case of a source, when there is something to ask: it is suspicious, and nothing harder than a limit is decided about it.</summary>
internal sealed class CaseBuilder(VerdictBoard board, EvidenceStore store, ISourceClients clients, IServiceProvider services, TimeProvider time)
{
    private const string Suspicious = "suspicious";
    private const string LoginPortMark = "AtPort";
    private const int MostEvidence = 64;
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <summary>Null: nothing to ask.</summary>
    public async Task<Case?> BuildAsync(Address source, CancellationToken cancellation)
    {
        Prefix host = Prefix.Host(source);
        if (board.Guarding(host) is not null
            || board.Effective(host) is { Verdict: not Verdict.RateLimit }
            || services.GetService<IFalsePositives>()?.Find(source) is not null
            || services.GetService<ISourceInsight>()?.Describe(source) is not { } standing
            || !string.Equals(standing.Phase, Suspicious, StringComparison.Ordinal))
        {
            return null;
        }

        bool isLimited = board.Effective(host) is not null;
        IReadOnlyList<Evidence> evidence = await store.OfAsync(source, MostEvidence, cancellation);
        DateTimeOffset since = time.GetUtcNow() - s_day;
        return Build(source, standing, isLimited, [.. evidence.Where(e => e.Seen >= since)], clients.Find(source), services.GetService<EmbeddedStage>()?.PercentOf(source));
    }

    /// <summary>The numbers alone; pure.</summary>
    internal static Case Build(Address source, SourceStanding standing, bool isLimited, IReadOnlyList<Evidence> evidence, IReadOnlyList<SourceClient> seen, int? embedded = null)
    {
        SortedDictionary<string, long> numbers = new(StringComparer.Ordinal);
        void Set(string name, long value)
        {
            if (value > 0)
            {
                numbers[name] = Math.Max(value, numbers.GetValueOrDefault(name));
            }
        }

        Set(CaseWords.Suspicion, (long)(standing.Suspicion * 1000));
        Set(CaseWords.Age, (long)(standing.LastSeen - standing.FirstSeen).TotalSeconds);
        Set(CaseWords.Proven, standing.IsProven ? 1 : 0);
        Set(CaseWords.Uses, standing.Uses);
        Set(CaseWords.Limited, isLimited ? 1 : 0);
        Set(CaseWords.Embedded, embedded ?? 0);
        foreach (NetworkStanding network in standing.Networks)
        {
            Set(CaseWords.NetworkSources, network.Sources);
            Set(CaseWords.NetworkPorts, network.PortsInVain);
        }

        foreach (StandingPart part in standing.Parts)
        {
            int mark = part.Name.IndexOf(LoginPortMark, StringComparison.Ordinal);
            string name = mark < 0 ? part.Name : part.Name[..mark];
            if (CaseWords.Parts.Contains(name))
            {
                Set(name, part.Value);
                if (mark >= 0 && ushort.TryParse(part.Name.AsSpan(mark + LoginPortMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
                {
                    Set(CaseWords.LoginPort, port);
                }
            }
        }

        foreach (SourceClient client in seen.Where(c => c.Category is { } category && CaseWords.Clients.Contains(category)))
        {
            numbers[$"client.{client.Category}"] = numbers.GetValueOrDefault($"client.{client.Category}") + client.Flows;
        }

        foreach (Evidence piece in evidence.Where(e => !IsAboutUs(e.Kind)))
        {
            string kind = CaseWords.Evidence.Contains(piece.Kind) ? piece.Kind : CaseWords.OtherEvidence;
            numbers[$"{kind}.seen"] = numbers.GetValueOrDefault($"{kind}.seen") + 1;
            Set($"{kind}.weightPercent", (long)(piece.Weight * 100));
            Set($"{kind}.proof", (long)piece.Class);
            if (piece.Facts is { } facts)
            {
                Set($"{kind}.ports", facts.Ports ?? 0);
                Set($"{kind}.hosts", facts.Hosts ?? 0);
                Set($"{kind}.packets", facts.Packets ?? 0);
                Set($"{kind}.handshakes", facts.Handshakes ?? 0);
                Set($"{kind}.logins", facts.Logins ?? 0);
                Set($"{kind}.requests", facts.Requests ?? 0);
                Set($"{kind}.targets", facts.Targets ?? 0);
                Set($"{kind}.rules", facts.Rules?.Count ?? 0);
                Set($"{kind}.seconds", (facts.SpanMilliseconds ?? 0) / 1000);
            }
        }

        return new Case(source, [.. numbers.Take(Case.MaxNumbers).Select(pair => new CaseNumber(pair.Key, pair.Value))], standing.Uses);
    }

    // Changes of phase and earlier opinions are what we made of the rest.
    private static bool IsAboutUs(string kind) => kind is "phase" or OpinionActs.EvidenceKind;
}
