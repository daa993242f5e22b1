using Blackwall.Behavior.Wire;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;

namespace Blackwall.Behavior;

/// <summary>Adds up what distinct requests of a source weigh. The same request again weighs nothing: a person's bookmark is no probe.</summary>
internal sealed class HttpProbeDetector(DetectionOptions options, Judge judge, BruteForceDetector logins)
{
    private const ulong Second = 1_000_000_000;
    private const int Longest = 512;
    private const float ManyTargetsBonus = 0.5f;

    private readonly ulong _window = (ulong)options.HttpProbeWindowSeconds * Second;

    /// <param name="subject">The source; one of its flows is established.</param>
    /// <param name="header">Head of the sample.</param>
    /// <param name="data">Request bytes: hostile.</param>
    /// <param name="findings">Where results go.</param>
    public void OnRequest(Subject subject, in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        if (!HttpRequestLine.TryParse(data, out HttpRequestLine line))
        {
            return;
        }

        Span<byte> buffer = stackalloc byte[Longest];
        int length = RequestTarget.Normalise(line.Target, buffer);
        ReadOnlySpan<byte> target = buffer[..length];
        ulong now = header.TimeNanoseconds;
        if (line.Method.SequenceEqual("POST"u8) && ProbeCatalog.IsLogin(target))
        {
            logins.OnHttpLogin(subject, header.LocalPort, now, findings);
        }

        if (ShowsPassword(line.Rest))
        {
            BruteForceDetector.OnCredentials(subject, in header);
        }

        float weight = ProbeCatalog.WeightOfTarget(target);
        uint thing = Hash(target);
        weight = Math.Max(weight, WeightOfHeaders(line.Rest));

        // Most clients never ask for anything odd and need no record.
        if (weight > 0 || subject.IsWatched)
        {
            Add(subject, thing, weight, now, findings);
        }
    }

    private void Add(Subject subject, uint thing, float weight, ulong now, IFindings findings)
    {
        ref Watch watch = ref subject.Watch;
        int halves = watch.Targets.Advance(now, _window);
        if (halves > 0)
        {
            watch.PreviousProbeScore = halves == 1 ? watch.ProbeScore : 0;
            watch.PreviousProbeCount = halves == 1 ? watch.ProbeCount : (ushort)0;
            watch.ProbeScore = 0;
            watch.ProbeCount = 0;
        }

        if (!watch.Targets.Add(thing, now) || weight == 0)
        {
            return;
        }

        watch.ProbeScore += weight;
        watch.ProbeCount = (ushort)Math.Min(watch.ProbeCount + 1, ushort.MaxValue);
        int targets = watch.Targets.Count;
        float score = watch.ProbeScore + watch.PreviousProbeScore + (targets >= options.HttpDistinctTargets ? ManyTargetsBonus : 0);
        if (score >= options.HttpProbeScore && Judge.IsRipe(ref watch, EvidenceKind.HttpProbe, now))
        {
            uint milliseconds = watch.Targets.MillisecondsSince(now);
            string detail = $"sent {Sentences.Count(watch.ProbeCount + watch.PreviousProbeCount, "probing request")} among {Sentences.Count(targets, "distinct target")} in {Sentences.Duration(milliseconds)}";
            judge.Report(subject, EvidenceKind.HttpProbe, EvidenceClass.Application, Math.Min(1, score / 4), detail, now, findings);
        }
    }

    // RFC 7617 and 7616; other schemes (Negotiate, NTLM, Bearer) are answered 401 in between without a password being wrong.
    private static bool ShowsPassword(ReadOnlySpan<byte> headers)
    {
        const int length = 15; // "Authorization: "
        for (int at = headers.IndexOf("uthorization: "u8); at >= 0; at = headers.IndexOf("uthorization: "u8))
        {
            bool isField = at < 2 || headers[at - 2] == (byte)'\n';
            headers = headers[(at + length - 1)..];
            if (isField && (headers.StartsWith("Basic "u8) || headers.StartsWith("Digest "u8)))
            {
                return true;
            }
        }

        return false;
    }

    private static float WeightOfHeaders(ReadOnlySpan<byte> headers)
    {
        Span<byte> lower = stackalloc byte[Longest];
        int length = Math.Min(headers.Length, Longest);
        for (int i = 0; i < length; i++)
        {
            byte b = headers[i];
            lower[i] = b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
        }

        return ProbeCatalog.WeightOfHeaders(lower[..length]);
    }

    // FNV-1a: only tells targets of one source apart.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        uint hash = 2166136261;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 16777619;
        }

        return hash;
    }
}
