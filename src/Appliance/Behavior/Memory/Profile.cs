using Blackwall.Behavior.Detectors;
using Blackwall.Behavior.Judgement;
using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Memory;

/// <summary>
/// What is known of a source address: about 120 bytes, held in arrays. Seconds are whole seconds of event time plus one, so that 0 says never.
/// </summary>
internal struct Profile
{
    public Address Key;
    public ulong FirstNanoseconds;
    public ulong LastNanoseconds;

    /// <summary>Start of the flood window; the four counters after it belong to it.</summary>
    public ulong FloodNanoseconds;
    public uint Syns;
    public uint Opened;
    public uint Established;
    public uint Datagrams;
    public uint Pings;

    /// <summary>Programs at ordinary use lately, a bit a hash of what each calls itself, and when the first of them was seen.</summary>
    public uint Agents;
    public uint AgentSeconds;
    public uint UsedSeconds;
    public uint LimitedUntilSeconds;
    public uint ExemptUntilSeconds;
    public ulong CoveredUntilNanoseconds;

    /// <summary>The first contact, kept here so that a source that only ever wants one port needs no <see cref="Watch"/>.</summary>
    public Contact First;

    /// <summary>Ports and time of the newest established flow that carried no data yet; time 0: none.</summary>
    public ushort IdleRemotePort;
    public ushort IdleLocalPort;
    public uint IdleMilliseconds;

    /// <summary>Thousandths, at the time below.</summary>
    public ushort Suspicion;

    /// <summary>Packets that were told of: those of flows that ended, and one for each opening, refusal and drop.</summary>
    public PacketTally Packets;
    public uint SuspicionSeconds;

    public int Next;

    /// <summary>Slot of the detailed record plus one; 0: none.</summary>
    public int WatchSlot;

    /// <summary>Openings of login ports that nothing came of, on the day (of event time) after it.</summary>
    public ushort Knocks;
    public ushort KnockDay;

    /// <summary>Signs of ordinary use: a first request on a flow, a flow that ended after it carried data both ways.</summary>
    public ushort Uses;
    public Phase Phase;

    /// <summary>The first few requests for what the server does not have; a source with more is watched.</summary>
    public byte Missing;

    public static uint Seconds(ulong nanoseconds) => (uint)(nanoseconds / 1_000_000_000) + 1;

    /// <summary>The flow is in use, or over: it is not waited for any longer. True for the one noted last.</summary>
    public bool EndIdle(ushort remotePort, ushort localPort)
    {
        bool isIdle = IdleMilliseconds != 0 && IdleRemotePort == remotePort && IdleLocalPort == localPort;
        if (isIdle)
        {
            IdleMilliseconds = 0;
        }

        return isIdle;
    }

    /// <summary>Notes a user agent, by its hash; how many there are within a window tells several people from one.</summary>
    public void AddAgent(uint agent, ulong now)
    {
        uint seconds = Seconds(now);
        if (AgentSeconds == 0 || seconds - AgentSeconds > Judge.AgentWindowSeconds)
        {
            Agents = 0;
            AgentSeconds = seconds;
        }

        Agents |= 1u << (int)((agent * 0x9E3779B1) >> 27);
    }
}
