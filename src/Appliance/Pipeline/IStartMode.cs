using Blackwall.Kernel.Abi;

namespace Blackwall.Pipeline;

/// <summary>The mode that the wall starts in.</summary>
public interface IStartMode
{
    EnforcementMode StartMode { get; }
}
