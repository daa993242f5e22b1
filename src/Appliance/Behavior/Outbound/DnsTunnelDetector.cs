using System.Globalization;
using Blackwall.Behavior.Statistics;
using Blackwall.Behavior.Wire;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// A tunnel through DNS has to say everything in names that nobody asked for before: many, long and dense, below one domain. A name that
/// is asked for again weighs nothing, and reverse look-ups and the like are known.
/// </summary>
internal sealed class DnsTunnelDetector(DetectionOptions options, Alerts alerts, ulong seed)
{
    private const ulong Window = 600_000_000_000;
    private const uint RepeatSeconds = 3600;
    private const int MostHeader = 14;

    private readonly BoundedTable<DnsDomain, DnsQuestions> _inside = new(options.MaxDnsDomains, seed);
    private readonly BoundedTable<DnsDomain, DnsQuestions> _outside = new(options.MaxDnsDomains, seed + 1);

    /// <param name="asking">Who asks.</param>
    /// <param name="isInside">Whether that is one of ours.</param>
    /// <param name="header">Head of the sample.</param>
    /// <param name="data">The message: hostile.</param>
    /// <param name="findings">Where results go.</param>
    public void OnQuestion(Address asking, bool isInside, in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        int start = header.Protocol == Contact.Tcp ? MostHeader : MostHeader - 2;
        if (data.Length <= start || !DnsName.TryParse(data[start..], out DnsName name) || name.Prefix.IsEmpty || name.IsReverse)
        {
            return;
        }

        ulong now = header.TimeNanoseconds;
        ref DnsQuestions questions = ref (isInside ? _inside : _outside).FindOrAdd(new DnsDomain(asking, name.DomainHash), out _);
        if (now - Math.Min(now, questions.WindowStart) >= Window || questions.WindowStart == 0)
        {
            questions = new DnsQuestions { WindowStart = now, ToldSeconds = questions.ToldSeconds };
        }

        questions.Names.Advance(now, 2 * Window);
        if (!questions.Names.Add(name.PrefixHash, now))
        {
            return;
        }

        questions.Count++;
        questions.Bytes += (uint)name.Prefix.Length;
        questions.Entropy += Entropy(name.Prefix);
        questions.Roomy += name.Type is 10 or 16 or 25 or 33 or 65399 or 15 or 5 ? 1u : 0u;
        if (LooksLikeTunnel(in questions))
        {
            Report(asking, isInside, in header, ref questions, now, findings);
        }
    }

    private bool LooksLikeTunnel(in DnsQuestions questions)
    {
        if (questions.Count < (uint)options.DnsTunnelNames)
        {
            return false;
        }

        uint length = questions.Bytes / questions.Count;
        uint entropy = questions.Entropy / questions.Count;
        bool isRoomy = questions.Roomy * 2 > questions.Count;

        // A hash in hex has 4 bits a byte at most and is looked up now and then; a tunnel needs every byte that it can get.
        return length >= 40
            || (length >= 24 && (entropy >= 58 || isRoomy))
            || (length >= 14 && isRoomy && entropy >= 50 && questions.Count >= 3 * (uint)options.DnsTunnelNames);
    }

    private void Report(Address asking, bool isInside, in SampleHeader header, ref DnsQuestions questions, ulong now, IFindings findings)
    {
        uint seconds = Profile.Seconds(now);
        if (questions.ToldSeconds != 0 && seconds - questions.ToldSeconds < RepeatSeconds)
        {
            return;
        }

        questions.ToldSeconds = seconds;
        string detail = string.Create(
            CultureInfo.InvariantCulture,
            $"asked for {questions.Count} new names below one domain in {Sentences.Duration((uint)((now - questions.WindowStart) / 1_000_000))}, {questions.Bytes / questions.Count} bytes each before it, {questions.Entropy / 16.0 / questions.Count:F1} bits a byte, {questions.Roomy * 100 / questions.Count} % of types with room");
        Address? outside = isInside ? header.Remote.ToAddress() : null;
        alerts.Raise(asking, outside, answered: false, EvidenceKind.DnsTunnel, isInside ? 0.8 : 0.5, detail, now, findings);
    }

    /// <summary>Shannon entropy of the bytes, in sixteenths of a bit a byte.</summary>
    private static uint Entropy(ReadOnlySpan<byte> bytes)
    {
        Span<byte> counts = stackalloc byte[256];
        counts.Clear();
        foreach (byte b in bytes)
        {
            counts[b]++;
        }

        ulong sum = 0;
        foreach (byte count in counts)
        {
            if (count > 1)
            {
                sum += count * (ulong)FixedPoint.Log2(count);
            }
        }

        // H = log n - (sum of c log c) / n
        ulong average = sum / (uint)bytes.Length;
        return (uint)((FixedPoint.Log2((uint)bytes.Length) - average) >> 12);
    }
}
