using Blackwall.Kernel.Abi;

namespace Blackwall.Behavior.Detectors;

/// <summary>The first packet of a flow, or one beyond a limit.</summary>
internal readonly ref struct Opening
{
    private readonly ref readonly PacketEvent _packet;

    /// <param name="packet">The event; must outlive this.</param>
    /// <param name="contact">What it reaches for.</param>
    /// <param name="isFlooded">Whether its target is under a flood of invented sources.</param>
    public Opening(ref readonly PacketEvent packet, Contact contact, bool isFlooded)
    {
        _packet = ref packet;
        Contact = contact;
        IsFlooded = isFlooded;
    }

    public ref readonly PacketEvent Packet => ref _packet;

    public Contact Contact { get; }

    public bool IsFlooded { get; }

    public ulong Now => _packet.TimeNanoseconds;

    /// <summary>TCP or UDP: it reaches for a port.</summary>
    public bool HasPort => _packet.Protocol is Contact.Tcp or Contact.Udp;
}
