namespace Blackwall.Kernel.Abi;

/// <summary>Names the struct of bpf/abi.h that a C# struct mirrors; a test compares every field's offset and size through the object's BTF.</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class AbiStructAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
