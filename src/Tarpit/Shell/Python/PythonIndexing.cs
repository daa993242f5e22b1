using System.Numerics;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Elements and slices of sequences and dictionaries.</summary>
internal static class PythonIndexing
{
    public static object? Get(object? container, object? index)
    {
        switch (container)
        {
            case PythonDictionary map:
                return map.TryGet(index, out object? found) ? found : throw PythonErrors.New("KeyError", index);
            case string text:
                return index is PythonSlice ? string.Concat(Places(index, text.Length).Select(at => text[at])) : text[Place(index, text.Length, "string")].ToString();
            case byte[] bytes:
                return index is PythonSlice ? Places(index, bytes.Length).Select(at => bytes[at]).ToArray() : (BigInteger)bytes[Place(index, bytes.Length, "index")];
            case PythonList list:
                return index is PythonSlice ? new PythonList(Places(index, list.Count).Select(at => list[at])) : list[Place(index, list.Count, "list")];
            case PythonTuple tuple:
                return index is PythonSlice ? new PythonTuple(Places(index, tuple.Items.Count).Select(at => tuple.Items[at])) : tuple.Items[Place(index, tuple.Items.Count, "tuple")];
            case PythonRange range:
                return index is PythonSlice ? new PythonList(Places(index, (int)BigInteger.Min(range.Count, 100_000)).Select(at => (object?)(range.From + (at * range.Step))))
                    : range.From + (Place(index, (int)BigInteger.Min(range.Count, int.MaxValue), "range object") * range.Step);
            case PythonObject { Type: var type } when type.Members.TryGetValue("__items__", out _) || container is PythonObject { Native: PythonTuple }:
                return Get(((PythonObject)container).Native, index);
            case PythonClass or NativeFunction:
                // list[int] and the like.
                return container;
            default:
                throw PythonErrors.Type($"'{PythonText.TypeName(container)}' object is not subscriptable");
        }
    }

    public static void Set(object? container, object? index, object? value)
    {
        switch (container)
        {
            case PythonDictionary map:
                map[index] = value;
                break;
            case PythonList list when index is PythonSlice:
                List<int> places = [.. Places(index, list.Count)];
                int from = places.Count > 0 ? places.Min() : From((PythonSlice)index, list.Count);
                foreach (int at in places.OrderDescending())
                {
                    list.RemoveAt(at);
                }

                list.InsertRange(Math.Min(from, list.Count), value as PythonList ?? throw PythonErrors.Type("can only assign an iterable"));
                break;
            case PythonList list:
                list[Place(index, list.Count, "list assignment")] = value;
                break;
            case byte[] bytes when value is BigInteger part && part >= 0 && part < 256:
                bytes[Place(index, bytes.Length, "bytearray")] = (byte)part;
                break;
            default:
                throw PythonErrors.Type($"'{PythonText.TypeName(container)}' object does not support item assignment");
        }
    }

    public static void Remove(object? container, object? index)
    {
        switch (container)
        {
            case PythonDictionary map:
                _ = map.Remove(index) ? true : throw PythonErrors.New("KeyError", index);
                break;
            case PythonList list when index is PythonSlice:
                foreach (int at in Places(index, list.Count).OrderDescending().ToArray())
                {
                    list.RemoveAt(at);
                }

                break;
            case PythonList list:
                list.RemoveAt(Place(index, list.Count, "list assignment"));
                break;
            default:
                throw PythonErrors.Type($"'{PythonText.TypeName(container)}' object doesn't support item deletion");
        }
    }

    private static int Place(object? index, int length, string kind)
    {
        if (PythonOperators.Number(index) is not BigInteger number)
        {
            throw PythonErrors.Type(kind is "string" ? $"string indices must be integers, not '{PythonText.TypeName(index)}'" : $"{(kind is "index" ? "byte" : kind.Split(' ')[0])} indices must be integers or slices, not {PythonText.TypeName(index)}");
        }

        number = number.Sign < 0 ? number + length : number;
        return number >= 0 && number < length ? (int)number : throw PythonErrors.New("IndexError", kind is "range object" ? "range object index out of range" : $"{kind}{(kind is "index" ? "" : " index")} out of range");
    }

    private static int From(PythonSlice slice, int length) => Math.Clamp(Bound(slice.From, 0, length), 0, length);

    private static int Bound(object? value, int otherwise, int length)
    {
        if (value is null)
        {
            return otherwise;
        }

        BigInteger number = PythonOperators.Number(value) as BigInteger? ?? throw PythonErrors.Type("slice indices must be integers or None or have an __index__ method");
        number = number.Sign < 0 ? number + length : number;
        return (int)BigInteger.Max(-1, BigInteger.Min(number, length));
    }

    /// <summary>Places that a slice stands for.</summary>
    public static IEnumerable<int> Places(object? index, int length)
    {
        PythonSlice slice = (PythonSlice)index!;
        int step = slice.Step is null ? 1 : (int)BigInteger.Max(int.MinValue, BigInteger.Min(int.MaxValue, PythonOperators.Number(slice.Step) as BigInteger? ?? 1));
        if (step == 0)
        {
            throw PythonErrors.Value("slice step cannot be zero");
        }

        int from = step > 0 ? Math.Max(0, Bound(slice.From, 0, length)) : Math.Min(length - 1, Bound(slice.From, length - 1, length));
        int to = step > 0 ? Bound(slice.To, length, length) : Bound(slice.To, -1, length);
        for (long at = from; step > 0 ? at < to : at > to; at += step)
        {
            yield return (int)at;
        }
    }
}
