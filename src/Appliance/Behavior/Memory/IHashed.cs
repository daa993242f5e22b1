namespace Blackwall.Behavior.Memory;

/// <summary>A key with a hash that nobody outside can steer.</summary>
internal interface IHashed
{
    ulong Hash(ulong seed);
}
