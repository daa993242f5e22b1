namespace Blackwall.Kernel.Abi;

/// <summary>Who opened the flow.</summary>
public enum FlowDirection : byte
{
    Inbound = 0,
    Outbound = 1,
}
