using System.Runtime.CompilerServices;
using Blackwall.Behavior.Detectors;

namespace Blackwall.Behavior.Memory;

/// <summary>The detailed record of a source that did more than use one port.</summary>
internal struct Watch
{
    /// <summary>Slot of the profile it belongs to.</summary>
    public int Owner;

    public PendingContacts Pending;
    public DistinctWindow Ports;
    public DistinctWindow Hosts;
    public DistinctWindow HourPorts;
    public DistinctWindow SlowPorts;
    public DistinctWindow SlowHosts;
    public DistinctWindow Targets;
    public DistinctWindow PingedHosts;
    public LoginCounters Logins;
    public ReportTimes Reported;

    /// <summary>When each kind was last reported on evidence that nobody can forge.</summary>
    public ReportTimes Founded;

    /// <summary>Kinds whose last report was of what can be forged.</summary>
    public KindSet ForgeableKinds;

    /// <summary>Ports of hosts on which the source completed a handshake and left without a byte.</summary>
    public DistinctWindow Empty;

    /// <summary>The flow whose login the server refused last; port 0: none.</summary>
    public ushort RefusedRemotePort;
    public ushort RefusedLocalPort;

    public uint StealthSeconds;
    public ushort StealthPackets;

    /// <summary>Largest extent of the scan that was reported last, so that a later proof can still say it.</summary>
    public ushort ScanPorts;
    public ushort ScanHosts;
    public uint ScanMilliseconds;

    /// <summary>How many of <see cref="SlowPorts"/> and <see cref="SlowHosts"/> were part of a scan that was reported.</summary>
    public ushort SlowPortsTold;

    /// <summary>Flows whose first payload looked encrypted on a port for clear text, since <see cref="OpaqueSeconds"/>.</summary>
    public ushort OpaqueFlows;
    public uint OpaqueSeconds;

    /// <summary>Thousandths.</summary>
    public uint ProbeScore;
    public uint PreviousProbeScore;

    /// <summary>Of requests that another site may have led a browser to.</summary>
    public uint LedScore;
    public ushort ProbeCount;
    public ushort PreviousProbeCount;
    public ushort Requests;
    public ushort PreviousRequests;

    /// <summary>Those of <see cref="Requests"/> that another site may have led a browser to.</summary>
    public ushort LedRequests;
    public ushort PreviousLedRequests;

    /// <summary>A bit for a hash of each target that no other site led to, in this half of the window and in the one before.</summary>
    public ulong OwnTargets;
    public ulong PreviousOwnTargets;

    /// <summary>Requests for what the server does not have.</summary>
    public ushort Missing;
    public ushort PreviousMissing;

    /// <summary>Credentials that were refused last.</summary>
    public FewCredentials Refused;

    /// <summary>The last of requests that another site may have led a browser to.</summary>
    public uint LedRefused;

    [InlineArray(Length)]
    internal struct PendingContacts
    {
        public const int Length = 12;

        private Contact _first;
    }

    [InlineArray(Length)]
    internal struct LoginCounters
    {
        public const int Length = 3;

        private LoginCounter _first;
    }

    /// <summary>Up to four distinct ones; the newest displaces the oldest.</summary>
    [InlineArray(Length)]
    internal struct FewCredentials
    {
        public const int Length = 4;

        private uint _first;

        /// <summary>False: they were among the last.</summary>
        public bool IsNew(uint credentials)
        {
            Span<uint> all = this;
            if (all.Contains(credentials))
            {
                return false;
            }

            all[..^1].CopyTo(all[1..]);
            all[0] = credentials;
            return true;
        }
    }

    /// <summary>Seconds at which each kind of evidence was last reported; 0: never.</summary>
    [InlineArray(Length)]
    internal struct ReportTimes
    {
        /// <summary>Kinds of evidence about sources.</summary>
        public const int Length = 13;

        private uint _first;
    }
}
