using Blackwall.Kernel.Abi;

namespace Blackwall.Kernel;

/// <summary>One guarded interface.</summary>
/// <param name="Interface">Its name.</param>
/// <param name="Side">Which way it looks.</param>
/// <param name="Most">It does no more than this, whatever the mode of the whole is: observe or enforce.</param>
public sealed record GateSettings(string Interface, Side Side = Side.Outside, EnforcementMode Most = EnforcementMode.Enforce);
