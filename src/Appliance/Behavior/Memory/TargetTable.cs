using System.Numerics;
using System.Runtime.CompilerServices;
using Blackwall.Behavior.Detectors;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Memory;

/// <summary>
/// Own addresses under a flood from many sources. Such sources are forged more often than not, so nobody is accused: the flood is one
/// piece of evidence about the target, and the kernel's challenge does the rest. Bounded: two places an address, the quieter neighbour gives way.
/// </summary>
internal sealed class TargetTable(DetectionOptions options, Judge judge)
{
    private const ulong Second = 1_000_000_000;
    private const int Places = 4096;
    private const ulong QuietEndsAfter = 30 * Second;

    // What no handshake could clear a busy server's clients of takes more to be called a flood; nobody needs many pings.
    private const uint WithoutHandshake = 4;

    /// <summary>TCP packets that belong to no flow are counted apart from SYNs.</summary>
    private const byte Stray = 0x80 | Contact.Tcp;
    private const byte FlagAck = 0x10;

    private readonly Target[] _targets = new Target[Places];
    private ulong Window => (ulong)options.FloodWindowSeconds * Second;

    /// <summary>Targets whose flood was not quiet for half a minute at that time.</summary>
    public int Flooded(ulong now)
    {
        int count = 0;
        foreach (ref readonly Target target in _targets.AsSpan())
        {
            count += target.FloodUntil > now ? 1 : 0;
        }

        return count;
    }

    /// <summary>A first packet of a flow, or one that hit a limit.</summary>
    /// <returns>Whether the address is being flooded: who comes now tells nothing about the company it keeps.</returns>
    public bool OnOpen(in PacketEvent packet, IFindings findings)
    {
        ref Target target = ref Find(in packet);
        target.Opened++;
        uint hash = (uint)(Mix(packet.Remote) >> 32);
        ref byte register = ref target.Sources[(int)(hash >> 26)];
        register = Math.Max(register, (byte)(BitOperations.LeadingZeroCount((hash << 6) | 1) + 1));
        if (!target.Told && target.Opened - Math.Min(target.Opened, target.Established) >= Rate(in packet) * (ulong)options.FloodWindowSeconds)
        {
            Consider(ref target, in packet, findings);
        }

        return target.Opened - Math.Min(target.Opened, target.Established) >= Rate(in packet);
    }

    private uint Rate(in PacketEvent packet) =>
        (uint)options.TargetFloodRate * (packet.Kind == EventKind.Limited || KindOf(in packet) is Contact.Tcp or 1 or 58 ? 1 : WithoutHandshake);

    private static byte KindOf(in PacketEvent packet) => packet.Protocol == Contact.Tcp && (packet.TcpFlags & FlagAck) != 0 && packet.Kind != EventKind.FlowEstablished ? Stray : packet.Protocol;

    public void OnEstablished(in PacketEvent packet)
    {
        if (packet.Protocol == Contact.Tcp)
        {
            Find(in packet).Established++;
        }
    }

    private void Consider(ref Target target, in PacketEvent packet, IFindings findings)
    {
        target.Told = true;
        int sources = Estimate(in target.Sources);
        if (sources < options.TargetFloodSources)
        {
            return;
        }

        ulong now = packet.TimeNanoseconds;
        bool goesOn = target.FloodUntil > now;
        target.FloodUntil = now + QuietEndsAfter;
        if (goesOn)
        {
            return;
        }

        uint milliseconds = (uint)(now <= target.Start ? 0 : (now - target.Start) / 1_000_000);
        string what = KindOf(in packet) switch { Contact.Tcp => "SYNs", Stray => "packets outside any connection", 17 => "UDP flows", _ => "flows" };
        EvidenceFacts facts = new(Findings.FloodOfTarget)
        {
            Packets = target.Opened,
            PacketKind = what,
            Protocol = ProtocolWords.For(packet.Protocol),
            Sources = sources,
            SpanMilliseconds = milliseconds,
            Handshakes = target.Established,
        };
        judge.ReportTarget(packet.Local.ToAddress(), facts, now, findings);
    }

    private ref Target Find(in PacketEvent packet)
    {
        ulong now = packet.TimeNanoseconds;
        ulong key = Mix(packet.Local) + KindOf(in packet);
        ref Target first = ref _targets[(int)(key % Places)];
        ref Target second = ref _targets[(int)((key >> 24) % Places)];
        if (first.Is(in packet))
        {
            return ref Turn(ref first, now);
        }

        if (second.Is(in packet))
        {
            return ref Turn(ref second, now);
        }

        // The busier of the two neighbours stays while its window runs.
        ref Target given = ref (IsOver(in first, now) || (!IsOver(in second, now) && first.Opened <= second.Opened) ? ref first : ref second);
        given = new Target { Local = packet.Local, Protocol = KindOf(in packet), Start = now };
        return ref given;
    }

    private ref Target Turn(ref Target target, ulong now)
    {
        if (IsOver(in target, now))
        {
            target = new Target { Local = target.Local, Protocol = target.Protocol, Start = now, FloodUntil = target.FloodUntil };
        }

        return ref target;
    }

    private bool IsOver(in Target target, ulong now) => now > target.Start && now - target.Start >= Window;

    private static ulong Mix(in RawAddress address)
    {
        ulong mixed = ((address.HighNetwork * 0x9E3779B97F4A7C15) ^ address.LowNetwork) * 0xD6E8FEB86659FD93;
        mixed ^= mixed >> 32;
        mixed *= 0xD6E8FEB86659FD93;
        return mixed ^ (mixed >> 29);
    }

    // HyperLogLog (Flajolet 2007) with 64 registers and the small-range correction: about 13 % off, which is enough for "many".
    private static int Estimate(in Registers registers)
    {
        double sum = 0;
        int zeros = 0;
        foreach (byte register in (ReadOnlySpan<byte>)registers)
        {
            sum += Math.ScaleB(1, -register);
            zeros += register == 0 ? 1 : 0;
        }

        double estimate = 0.709 * Registers.Length * Registers.Length / sum;
        return (int)(estimate <= 2.5 * Registers.Length && zeros > 0 ? Registers.Length * Math.Log((double)Registers.Length / zeros) : estimate);
    }

    private struct Target
    {
        public RawAddress Local;
        public ulong Start;
        public ulong FloodUntil;
        public uint Opened;
        public uint Established;
        public byte Protocol;
        public bool Told;
        public Registers Sources;

        public readonly bool Is(in PacketEvent packet) => Local == packet.Local && Protocol == KindOf(in packet);
    }

    [InlineArray(Length)]
    private struct Registers
    {
        public const int Length = 64;

        private byte _first;
    }
}
