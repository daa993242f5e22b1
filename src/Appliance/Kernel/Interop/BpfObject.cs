using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Interop;

/// <summary>One compiled object: opened, adjusted, loaded. Dispose frees what is neither pinned nor attached.</summary>
internal sealed unsafe class BpfObject : SafeHandleZeroOrMinusOneIsInvalid
{
    private const uint HasFrags = 1 << 5; // BPF_F_XDP_HAS_FRAGS
    private const int ProgramTypeXdp = 6;

    private BpfObject(nint handle, string path)
        : base(ownsHandle: true)
    {
        SetHandle(handle);
        Path = path;
    }

    public string Path { get; }

    public static BpfObject Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new KernelException($"The kernel program {path} is missing; install the package again, or build with './blackwall build'.");
        }

        try
        {
            ((nint Handle, int Error) opened, string log) = LibbpfLog.Collect(() =>
            {
                nint obj = Libbpf.bpf_object__open_file(path, null);
                return (obj, obj == 0 ? Marshal.GetLastPInvokeError() : 0);
            });
            return opened.Handle != 0
                ? new BpfObject(opened.Handle, path)
                : throw new KernelException($"libbpf cannot open {path}: {log.Trim()}", opened.Error);
        }
        catch (DllNotFoundException e)
        {
            throw new KernelException("libbpf.so.1 is missing; install the package libbpf1.", e);
        }
    }

    /// <summary>Whether XDP programs may see multi-buffer (jumbo) frames; kernel 5.18.</summary>
    public void SetFrags(bool on)
    {
        for (nint program = Libbpf.bpf_object__next_program(handle, 0); program != 0; program = Libbpf.bpf_object__next_program(handle, program))
        {
            if (Libbpf.bpf_program__type(program) == ProgramTypeXdp)
            {
                uint flags = Libbpf.bpf_program__flags(program);
                _ = Libbpf.bpf_program__set_flags(program, on ? flags | HasFrags : flags & ~HasFrags);
            }
        }
    }

    public void SetEntries(string map, uint entries) => Check(Libbpf.bpf_map__set_max_entries(Map(map), entries), $"cannot size map {map}");

    /// <summary>Writes the first bytes of a read-only data section; only before loading.</summary>
    public void SetConstants(string section, ReadOnlySpan<byte> value)
    {
        nuint size;
        void* initial = Libbpf.bpf_map__initial_value(Map(section), &size);
        if (initial is null || size < (nuint)value.Length)
        {
            throw new KernelException($"{Path} has no section {section} of {value.Length} bytes.");
        }

        value.CopyTo(new Span<byte>(initial, value.Length));
    }

    /// <summary>Uses an existing map in place of the object's own.</summary>
    public void Reuse(string map, SafeFileHandle existing) =>
        Check(Libbpf.bpf_map__reuse_fd(Map(map), (int)existing.DangerousGetHandle()), $"cannot reuse map {map}");

    /// <summary>0, or -errno with what libbpf and the verifier said.</summary>
    public int TryLoad(out string log)
    {
        (int result, log) = LibbpfLog.Collect(() => Libbpf.bpf_object__load(handle));
        return result;
    }

    public IReadOnlyList<string> MapNames()
    {
        List<string> names = [];
        for (nint map = Libbpf.bpf_object__next_map(handle, 0); map != 0; map = Libbpf.bpf_object__next_map(handle, map))
        {
            names.Add(Marshal.PtrToStringUTF8((nint)Libbpf.bpf_map__name(map)) ?? string.Empty);
        }

        return names;
    }

    /// <summary>A map of the loaded object. The object owns the descriptor.</summary>
    public SafeFileHandle MapHandle(string name) => new(Libbpf.bpf_map__fd(Map(name)), ownsHandle: false);

    /// <summary>A program of the loaded object. The object owns the descriptor.</summary>
    public SafeFileHandle ProgramHandle(string name)
    {
        for (nint program = Libbpf.bpf_object__next_program(handle, 0); program != 0; program = Libbpf.bpf_object__next_program(handle, program))
        {
            if (string.Equals(Marshal.PtrToStringUTF8((nint)Libbpf.bpf_program__name(program)), name, StringComparison.Ordinal))
            {
                return new SafeFileHandle(Libbpf.bpf_program__fd(program), ownsHandle: false);
            }
        }

        throw new KernelException($"{Path} has no program {name}.");
    }

    protected override bool ReleaseHandle()
    {
        Libbpf.bpf_object__close(handle);
        return true;
    }

    private nint Map(string name)
    {
        for (nint map = Libbpf.bpf_object__next_map(handle, 0); map != 0; map = Libbpf.bpf_object__next_map(handle, map))
        {
            if (string.Equals(Marshal.PtrToStringUTF8((nint)Libbpf.bpf_map__name(map)), name, StringComparison.Ordinal))
            {
                return map;
            }
        }

        throw new KernelException($"{Path} has no map {name}.");
    }

    private void Check(int result, string what)
    {
        if (result < 0)
        {
            throw new KernelException($"{Path}: {what}.", -result);
        }
    }
}
