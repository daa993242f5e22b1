using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>Keeps evidence that led to no decision (a spoofed flood, a repeat). Called by the publisher, never by the packet path.</summary>
public interface IEvidenceSink
{
    void Record(Evidence evidence);
}
