using Blackwall.Behavior.Memory;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Detectors;

/// <summary>
/// Looks for one kind of conduct of a source outside. Told of the source's events in order; what it finds goes to the judge. A new one is a line in
/// <see cref="SourceWatch"/>. One thread at a time.
/// </summary>
internal abstract class SourceDetector
{
    /// <summary>The first packet of a flow, or one beyond a limit. Anybody can send it in any name.</summary>
    public virtual void OnOpen(Subject subject, in Opening opening, IFindings findings)
    {
    }

    /// <summary>A TCP packet that belongs to no flow. Anybody can send it in any name.</summary>
    public virtual void OnStray(Subject subject, in PacketEvent packet, IFindings findings)
    {
    }

    /// <summary>The local side refused a packet, or it was one that no stack sends (<see cref="EventKind.FlowRefused"/>, or any other kind).</summary>
    public virtual void OnFailure(Subject subject, in PacketEvent packet, in Contact contact, IFindings findings)
    {
    }

    /// <summary>A handshake was completed.</summary>
    public virtual void OnEstablished(Subject subject, in PacketEvent packet, in Contact contact)
    {
    }

    /// <summary>Payload that looks encrypted.</summary>
    public virtual void OnOpaque(Subject subject, in PacketEvent packet, IFindings findings)
    {
    }

    /// <summary>A server said in words that a login failed.</summary>
    public virtual void OnLoginRefused(Subject subject, in PacketEvent packet, IFindings findings)
    {
    }

    /// <summary>A verified flow ended.</summary>
    /// <returns>True: it let nobody in, so it was no ordinary use.</returns>
    public virtual bool OnClosed(Subject subject, in PacketEvent packet, in Contact contact, IFindings findings) => false;

    /// <summary>Another stage's sign about the source.</summary>
    public virtual void OnSign(Subject subject, in Sign sign, ulong now, IFindings findings)
    {
    }

    /// <summary>A web server does not have what was asked for (RFC 9110 §15.5), or does not give it.</summary>
    public virtual void OnMissing(Subject subject, ulong now, IFindings findings)
    {
    }

    /// <summary>The source used a service as anybody does.</summary>
    public virtual void OnUse(Subject subject, ulong now)
    {
    }
}
