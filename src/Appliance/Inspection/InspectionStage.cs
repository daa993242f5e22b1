using Blackwall.Inspection.Wire;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;

namespace Blackwall.Inspection;

/// <summary>Holds the requests that the kernel samples against the rules; hits are evidence of their source. A request that meets none allocates nothing.</summary>
public sealed class InspectionStage : IStage
{
    /// <summary>The kind of its evidence.</summary>
    public const string EvidenceKind = "dpi-rule";

    private const ulong Second = 1_000_000_000;

    private readonly InspectionOptions _options;
    private readonly BootClock _clock;
    private readonly RequestMatcher _matcher;
    private readonly RecentHits _recent;
    private readonly long[] _hits;
    private long _requests;
    private long _unreadable;
    private long _evidence;
    private long _repeated;

    public InspectionStage(InspectionOptions options, BootClock clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _clock) = (options, clock);
        _matcher = new RequestMatcher(options.Rules);
        _recent = new RecentHits((ulong)options.RepeatSeconds * Second);
        _hits = new long[options.Rules.Count];
    }

    /// <summary>camelCase name and value of each counter.</summary>
    public IReadOnlyDictionary<string, long> Counters => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["rules"] = _matcher.Rules.Count,
        ["requests"] = Volatile.Read(ref _requests),
        ["unreadable"] = Volatile.Read(ref _unreadable),
        ["evidence"] = Volatile.Read(ref _evidence),
        ["repeated"] = Volatile.Read(ref _repeated),
    };

    /// <summary>The rules, and how many requests met each.</summary>
    public IReadOnlyList<(RequestRule Rule, long Hits)> Rules => [.. _matcher.Rules.Select((rule, index) => (rule, Volatile.Read(ref _hits[index])))];

    public void Observe(in PacketEvent packet, IFindings findings)
    {
        // There is no payload in it.
    }

    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        if (header.Kind != SampleKind.Http || header.Direction != FlowDirection.Inbound || !_options.Enabled)
        {
            return;
        }

        Volatile.Write(ref _requests, _requests + 1);
        if (!HttpHead.TryRead(data, out HttpHead request))
        {
            Volatile.Write(ref _unreadable, _unreadable + 1);
            return;
        }

        Span<int> hits = stackalloc int[RequestMatcher.MaxHits];
        int count = _matcher.Match(in request, hits);
        if (count > 0)
        {
            Tell(header.Remote.ToAddress(), hits[..count], header.TimeNanoseconds, findings);
        }
    }

    public void Forget(Prefix scope)
    {
        // What was sent stays sent.
    }

    public void Exempt(Prefix scope)
    {
        // It asks for no decisions.
    }

    private void Tell(Address source, ReadOnlySpan<int> hits, ulong time, IFindings findings)
    {
        List<string>? told = null;
        double innocence = 1;
        foreach (int hit in hits)
        {
            Volatile.Write(ref _hits[hit], _hits[hit] + 1);
            RequestRule rule = _matcher.Rules[hit];
            double weight = Math.Min(1, rule.Weight * _options.Weight);
            if (weight == 0)
            {
                continue;
            }

            if (!_recent.IsNews(source, hit, time))
            {
                Volatile.Write(ref _repeated, _repeated + 1);
                continue;
            }

            (told ??= []).Add(rule.Id);
            innocence *= 1 - weight;
        }

        if (told is not null)
        {
            Volatile.Write(ref _evidence, _evidence + 1);
            string detail = $"its request meets {(told.Count == 1 ? "rule" : "rules")} {string.Join(", ", told)}";
            findings.Record(new Evidence(0, source, EvidenceKind, EvidenceClass.Application, Math.Round(1 - innocence, 3), _clock.ToDate(time), detail));
        }
    }
}
