namespace Blackwall.Pipeline.Ports;

/// <summary>A part of the appliance that can be unwell.</summary>
public interface IHealthSource
{
    string Name { get; }

    /// <summary>False until it can do its work at all: the appliance is not ready before.</summary>
    bool Ready { get; }

    /// <summary>One sentence that says what is wrong and what to do; null when all is well.</summary>
    string? Fault { get; }
}
