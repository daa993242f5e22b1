namespace Blackwall.Pipeline;

/// <summary>Keeps evidence that led to no decision (a spoofed flood, a repeat). Called by the publisher, never by the packet path.</summary>
public interface IEvidenceSink
{
    void Record(Evidence evidence);
}
