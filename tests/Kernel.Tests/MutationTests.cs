using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Kernel.Tests.Reference;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>A million damaged frames: the programs and a parser written from the RFCs agree on every one.</summary>
[Collection(KernelCollection.Name)]
public sealed class MutationTests(KernelHarness kernel)
{
    private const int Batch = 2_000;
    private const int Batches = 500;

    private readonly KernelHarness _kernel = kernel.Reset();

    [Fact]
    public void A_million_mutated_frames_get_the_verdict_that_a_reference_parser_gives()
    {
        _kernel.Configure(s => s with { Features = Features.None, Limits = [], ChallengePerSecond = 0 });
        byte[][] seeds = [.. Seeds()];
        Random random = new(20261123);
        byte[][] frames = new byte[Batch][];
        for (int batch = 0; batch < Batches; batch++)
        {
            Dictionary<Reason, long> expected = [];
            WallCounters before = _kernel.Programs.Counters.Read();
            for (int i = 0; i < Batch; i++)
            {
                frames[i] = Mutate(seeds[random.Next(seeds.Length)], random);
                Reason reason = ReferenceJudge.Judge(frames[i]);
                expected[reason] = expected.GetValueOrDefault(reason) + 1;
                BpfProgram.Run(_kernel.Programs.Ingress, frames[i], []);
            }

            WallCounters after = _kernel.Programs.Counters.Read();
            bool same = after.Reasons.Zip(before.Reasons).All(p => p.First.Reason is Reason.PassDefault or Reason.DropFragmentOrphan
                || (long)(p.First.Packets - p.Second.Packets) == expected.GetValueOrDefault(p.First.Reason));
            if (!same)
            {
                Assert.Fail(Explain(frames));
            }
        }
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        byte[] frame = [.. seed];
        int flips = random.Next(5);
        for (int i = 0; i < flips; i++)
        {
            // Headers are where the verdicts are.
            frame[random.Next(Math.Min(frame.Length, 100))] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(frame[random.Next(frame.Length)] ^ (1 << random.Next(8)));
        }

        return random.Next(4) switch
        {
            0 => frame[..random.Next(14, frame.Length + 1)],
            1 => [.. frame, .. new byte[random.Next(60)]],
            _ => frame,
        };
    }

    // A later fragment of a datagram whose first part came by chance may pass: both answers are right.
    private static bool Agree(Reason expected, Reason? actual) =>
        expected == actual || (expected == Reason.DropFragmentOrphan && actual == Reason.PassDefault);

    private static IEnumerable<byte[]> Seeds()
    {
        foreach ((string client, string server) in (IEnumerable<(string, string)>)[("203.0.113.7", "198.51.100.1"), ("2001:db8:1::7", "2001:db8:2::1")])
        {
            for (int tags = 0; tags < 3; tags++)
            {
                yield return Tagged(Frame.From(client, server).TcpSegment(4000, 80, Frame.Syn, optionWords: 5), tags);
                yield return Tagged(Frame.From(client, server).TcpSegment(4000, 80, Frame.Ack, payload: new byte[40]), tags);
                yield return Tagged(Frame.From(client, server).UdpDatagram(4000, 53, new byte[30]), tags);
                yield return Tagged(Frame.From(client, server).IcmpMessage(8, 0), tags);
                yield return Tagged(Frame.From(client, server).IcmpMessage(135, 0, new byte[20]).Ttl(255), tags);
                yield return Tagged(Frame.From(client, server).IcmpMessage(143, 0, new byte[20]).Ttl(1), tags);
                yield return Tagged(Frame.From(client, server).Raw(47, new byte[30]), tags);
                yield return Tagged(Frame.From(client, server).UdpDatagram(4000, 53, new byte[56]).Fragment(0, more: true), tags);
                yield return Tagged(Frame.From(client, server).Raw(6, new byte[56]).Fragment(3, more: false), tags);
                yield return Tagged(Frame.From(client, server).IpOptions(4).TcpSegment(4000, 80, Frame.Rst), tags);
                yield return Tagged(Frame.From(client, server).Extension(0).Extension(43, 2).Extension(60).UdpDatagram(1, 2), tags);
                yield return Tagged(Frame.From(client, server).Extension(51, 2).Extension(60).Extension(60).Extension(60).Extension(60).Extension(60).Extension(135).TcpSegment(1, 2, Frame.Syn), tags);
            }
        }
    }

    private static byte[] Tagged(Frame frame, int tags)
    {
        for (int i = 0; i < tags; i++)
        {
            frame.Tag(i == 0 ? (ushort)0x88a8 : (ushort)0x8100);
        }

        return frame.Build();
    }

    private string Explain(byte[][] frames)
    {
        foreach (byte[] frame in frames)
        {
            Reason expected = ReferenceJudge.Judge(frame);
            Reason? actual = _kernel.Ingress(frame).Reason;
            if (!Agree(expected, actual))
            {
                return $"reference: {expected}, kernel: {actual}, frame: {Convert.ToHexString(frame)}";
            }
        }

        return "The counters differ, but no single frame does: a state that one frame leaves for the next.";
    }
}
