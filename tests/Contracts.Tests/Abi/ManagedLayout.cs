using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Blackwall.Tests.Abi;

/// <summary>Where the runtime really puts the fields of a struct (Marshal.OffsetOf would tell where a marshaller puts them).</summary>
internal static class ManagedLayout
{
    public static int SizeOf(Type type) => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    /// <summary>Fields in order of their offset, padding included.</summary>
    public static IReadOnlyList<(FieldInfo Field, int Offset, int Size)> Fields(Type type) =>
    [
        .. type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(field => (Field: field, Offset: OffsetOf(field), Size: SizeOf(field.FieldType)))
            .OrderBy(field => field.Offset),
    ];

    private static int OffsetOf(FieldInfo field)
    {
        Type type = field.DeclaringType!;
        var method = new DynamicMethod("OffsetOf", typeof(int), [typeof(object)], typeof(ManagedLayout).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Unbox, type);
        il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Unbox, type);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ret);
        return (int)method.Invoke(null, [RuntimeHelpers.GetUninitializedObject(type)])!;
    }
}
