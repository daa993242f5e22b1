using System.Buffers;
using Blackwall.Behavior.Detectors;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Behavior.Statistics;
using Blackwall.Behavior.Wire;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// Finds tunnels through DNS. A tunnel sends its data in names that were never asked for before: many, long and of high entropy, below one domain, or
/// below none when its server is asked directly. Repeated names count for nothing, and reverse look-ups and the like are excluded.
/// </summary>
internal sealed class DnsTunnelDetector(DetectionOptions options, Alerts alerts, ulong seed)
{
    private const ulong Window = 600_000_000_000;
    private const uint RepeatSeconds = 3600;
    private const int MostHeader = 14;
    private const ulong SlowWindow = 6 * 3600 * 1_000_000_000UL;

    // A window of 128 bits; about ninety names set half of them.
    private const int SlowNames = 64;
    private const uint ManyNames = 110;
    private const uint ShortestName = 4;

    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private readonly BoundedTable<DnsDomain, DnsQuestions> _inside = new(options.MaxDnsDomains, seed);
    private readonly BoundedTable<DnsDomain, DnsQuestions> _outside = new(options.MaxDnsDomains, seed + 1);
    private readonly DnsPortDetector _port = new(alerts, options.MaxInsideHosts, seed + 2);

    /// <param name="asking">Who asks.</param>
    /// <param name="isInside">Whether that is one of ours.</param>
    /// <param name="header">Head of the sample.</param>
    /// <param name="data">The message: hostile.</param>
    /// <param name="findings">Where results go.</param>
    public void OnQuestion(Address asking, bool isInside, in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings)
    {
        if (isInside && !_port.Asks(in header, data, findings))
        {
            return;
        }

        int start = header.Protocol == Contact.Tcp ? MostHeader : MostHeader - 2;
        if (data.Length <= start || !DnsName.TryParse(data[start..], out DnsName name) || name.Prefix.IsEmpty || name.IsReverse || name.IsAddress)
        {
            return;
        }

        ulong now = header.TimeNanoseconds;
        ref DnsQuestions questions = ref (isInside ? _inside : _outside).FindOrAdd(new DnsDomain(asking, name.DomainHash), out _);
        if (now - Math.Min(now, questions.WindowStart) >= Window || questions.WindowStart == 0)
        {
            questions.WindowStart = now;
            questions.Names = default;
            questions.Count = questions.Roomy = questions.Bytes = questions.Entropy = questions.Hashes = 0;
        }

        if (now - Math.Min(now, questions.SlowStart) >= SlowWindow || questions.SlowStart == 0)
        {
            questions.SlowStart = now;
            questions.SlowNames = default;
            questions.SlowCount = questions.SlowBytes = questions.SlowEntropy = questions.SlowHashes = 0;
        }

        questions.Names.Advance(now, 2 * Window);
        questions.SlowNames.Advance(now, 2 * SlowWindow);
        if (!questions.Names.Add(name.PrefixHash, now))
        {
            return;
        }

        uint news = News(name.Prefix, ref questions.Last);
        uint entropy = Entropy(name.Prefix);
        uint hash = IsHash(name.Prefix) ? 1u : 0;
        questions.Count++;
        questions.Bytes += news;
        questions.Entropy += entropy;
        questions.Hashes += hash;
        questions.Roomy += name.Type is 10 or 16 or 25 or 33 or 65399 or 15 or 5 ? 1u : 0u;
        if (questions.SlowNames.Add(name.PrefixHash, now))
        {
            questions.SlowCount++;
            questions.SlowBytes += news;
            questions.SlowEntropy += entropy;
            questions.SlowHashes += hash;
        }

        if (LooksLikeTunnel(in questions) || LooksLikeSlowTunnel(in questions, questions.Roomy * 2 > questions.Count))
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

        // Virus scanners and the like look up a hash in hexadecimal now and then, by types that carry no free data; a tunnel needs every byte and has names of
        // different lengths.
        if (!isRoomy && questions.Hashes * 10 >= questions.Count * 9)
        {
            return questions.Count >= ManyNames;
        }

        // No other program asks only for TXT and KEY records, each time by a new name, however short (dns2tcp: ten letters, dnscat2: eighteen).
        bool isAllRoomy = questions.Roomy * 10 >= questions.Count * 9 && questions.Hashes * 10 < questions.Count * 9;
        if (isAllRoomy && length >= ShortestName && 2 * questions.Count >= 3 * (uint)options.DnsTunnelNames)
        {
            return true;
        }

        return length >= 40
            || (length >= 24 && (entropy >= 58 || isRoomy))
            || (length >= 14 && isRoomy && entropy >= 50 && questions.Count >= 3 * (uint)options.DnsTunnelNames)
            || (length >= 16 && entropy >= 56 && questions.Count >= ManyNames);
    }

    // One name a minute is enough to carry commands. Repeated names count for nothing here either, so it takes new ones for hours.
    private static bool LooksLikeSlowTunnel(in DnsQuestions questions, bool isRoomy) =>
        questions.SlowCount >= SlowNames
        && questions.SlowBytes / questions.SlowCount >= 30
        && questions.SlowEntropy / questions.SlowCount >= 56
        && (isRoomy || questions.SlowHashes * 10 < questions.SlowCount * 9);

    /// <summary>Bytes before the end that the name shares with the one before it: host names of a provider are numbers in a pattern.</summary>
    private static uint News(ReadOnlySpan<byte> prefix, ref DnsQuestions.Tail last)
    {
        Span<byte> tail = last;
        int same = 0;
        while (same < prefix.Length && same < tail.Length && prefix[^(same + 1)] == tail[^(same + 1)])
        {
            same++;
        }

        int kept = Math.Min(prefix.Length, tail.Length);
        tail.Clear();
        prefix[^kept..].CopyTo(tail[^kept..]);
        return (uint)(prefix.Length - same);
    }

    // MD5, SHA-1, SHA-256 in hex; the length byte stands in front.
    private static bool IsHash(ReadOnlySpan<byte> prefix)
    {
        int length = prefix[0];
        return length is 32 or 40 or 64 && prefix.Length > length && !prefix.Slice(1, length).ContainsAnyExcept(Hex);
    }

    private void Report(Address asking, bool isInside, in SampleHeader header, ref DnsQuestions questions, ulong now, IFindings findings)
    {
        uint seconds = Profile.Seconds(now);
        if (questions.ToldSeconds != 0 && seconds - questions.ToldSeconds < RepeatSeconds)
        {
            return;
        }

        questions.ToldSeconds = seconds;
        bool isSlow = !LooksLikeTunnel(in questions);
        EvidenceFacts facts = new(Findings.NamesAsked)
        {
            Names = isSlow ? questions.SlowCount : questions.Count,
            SpanMilliseconds = (long)((now - (isSlow ? questions.SlowStart : questions.WindowStart)) / 1_000_000),
            BytesEach = isSlow ? questions.SlowBytes / questions.SlowCount : questions.Bytes / questions.Count,
            BitsPerByte = Math.Round(isSlow ? questions.SlowEntropy / 16.0 / questions.SlowCount : questions.Entropy / 16.0 / questions.Count, 4),
            RoomyPercent = isSlow ? null : questions.Roomy * 100 / questions.Count,
            Other = $"{header.Remote.ToAddress()}",
            Port = header.RemotePort,
            Protocol = ProtocolWords.For(header.Protocol),
        };
        Address? outside = isInside ? header.Remote.ToAddress() : null;
        alerts.Raise(asking, outside, answered: false, EvidenceKind.DnsTunnel, isInside ? 0.8 : 0.5, facts, now, findings);
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
