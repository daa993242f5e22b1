using Blackwall.Kernel.Abi;

namespace Blackwall.Pipeline.Ports;

/// <summary>The mode that the wall starts in.</summary>
public interface IStartMode
{
    EnforcementMode StartMode { get; }
}
