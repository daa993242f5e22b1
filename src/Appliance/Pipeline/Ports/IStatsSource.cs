namespace Blackwall.Pipeline.Ports;

/// <summary>A part of the appliance that counts something; every registered source appears in /stats under its name.</summary>
public interface IStatsSource
{
    /// <summary>camelCase, unique.</summary>
    string Name { get; }

    /// <summary>camelCase name and value of each counter or gauge, at this moment. Cheap.</summary>
    IReadOnlyDictionary<string, long> Read();
}
