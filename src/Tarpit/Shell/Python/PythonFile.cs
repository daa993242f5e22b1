using System.Numerics;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>An open file, a standard stream, or the end of a pipe. What is written is kept until it is flushed, and bounded.</summary>
internal sealed class PythonFile
{
    private const int Largest = 4 << 20;
    private readonly MemoryStream _written = new();
    private byte[] _content = [];
    private int _at;

    private PythonFile(string name, string mode) => (Name, Mode) = (name, mode);

    public string Name { get; }

    public string Mode { get; }

    /// <summary>Where it lies; null: it is no file.</summary>
    public string? Path { get; private init; }

    /// <summary>0, 1 or 2: a standard stream.</summary>
    public int? Standard { get; private init; }

    public bool IsClosed { get; private set; }

    public bool IsBinary => Mode.Contains('b', StringComparison.Ordinal);

    public string Shown => IsBinary ? $"<_io.Buffered{(Mode[0] == 'r' ? "Reader" : "Writer")} name='{Name}'>" : $"<_io.TextIOWrapper name='{Name}' mode='{Mode}' encoding='utf-8'>";

    private static readonly PythonClass s_type = MakeType("TextIOWrapper"), s_binary = MakeType("BufferedReader");

    /// <summary>open().</summary>
    public static PythonObject Open(PythonMachine machine, CallArguments a)
    {
        string name = a.Text(0, "file"), mode = a.Has(1, "mode") ? a.Text(1, "mode") : "r", path = machine.State.Path(PythonEncoding.ToShellText(name));
        if (mode.Length == 0 || mode[0] is not ('r' or 'w' or 'a' or 'x'))
        {
            throw PythonErrors.Value($"invalid mode: '{mode}'");
        }

        PythonFile file = new(name, mode) { Path = path };
        Node? node = machine.Call.Files.Find(path);
        if (node is FolderNode)
        {
            throw PythonErrors.System(21, name);
        }

        if (mode[0] == 'r' || mode.Contains('+', StringComparison.Ordinal) || mode[0] == 'a')
        {
            FileError error = machine.Call.Read(path, out byte[] content);
            if (error is not FileError.None && (mode[0] == 'r' || error is not FileError.NotFound))
            {
                throw PythonErrors.System(error, name);
            }

            machine.Reserve(content.Length);
            file._content = mode[0] == 'a' ? [] : content;
            file._written.Write(mode[0] == 'a' ? content : []);
        }

        if (mode[0] is 'w' or 'x' or 'a')
        {
            if (mode[0] == 'x' && node is not null)
            {
                throw PythonErrors.System(17, name);
            }

            file.Save(machine);
        }

        return Of(file);
    }

    /// <summary>A standard stream of the process.</summary>
    public static PythonObject OfStream(int number, bool isBinary = false) => Of(new PythonFile(number switch { 0 => "<stdin>", 1 => "<stdout>", _ => "<stderr>" }, (number == 0 ? "r" : "w") + (isBinary ? "b" : "")) { Standard = number });

    /// <summary>Something that is there already: the output of a command, an answer.</summary>
    public static PythonObject OfContent(string name, byte[] content, bool isBinary) => Of(new PythonFile(name, isBinary ? "rb" : "r") { _content = content });

    private static PythonObject Of(PythonFile file) => new(file.IsBinary ? s_binary : s_type) { Native = file };

    private static PythonClass MakeType(string name)
    {
        PythonClass type = new(name, [], "_io");
        void Add(string method, Func<PythonMachine, PythonFile, CallArguments, ValueTask<object?>> body) => type.Members[method] = new NativeFunction(method, (m, a) => body(m, (PythonFile)((PythonObject)a.Values[0]!).Native!, a));
        Add("read", async (m, file, a) => file.Out(await file.ReadAsync(m, a.Get(1) is null || a.Whole(1) < 0 ? int.MaxValue : (int)Math.Min(a.Whole(1), int.MaxValue))));
        Add("readline", async (m, file, a) => await file.ReadLineAsync(m) ?? file.Out([]));
        Add("readlines", async (m, file, a) => await m.Calls.CollectAsync(a.Values[0]));
        Add("write", async (m, file, a) => await file.WriteAsync(m, file.IsBinary ? a.Need(1) is byte[] bytes ? bytes : throw PythonErrors.Type("a bytes-like object is required, not 'str'") : a.Need(1) as string ?? throw PythonErrors.Type($"write() argument must be str, not {PythonText.TypeName(a.Need(1))}")));
        Add("writelines", async (m, file, a) =>
        {
            foreach (object? line in await m.Calls.CollectAsync(a.Need(1)))
            {
                await file.WriteAsync(m, line);
            }

            return null;
        });
        Add("flush", async (m, file, a) =>
        {
            await file.FlushAsync(m);
            return null;
        });
        Add("close", async (m, file, a) =>
        {
            await file.CloseAsync(m);
            return null;
        });
        Add("fileno", (m, file, a) => new((BigInteger)(file.Standard ?? 3)));
        Add("isatty", (m, file, a) => new(file.Standard is not null && m.State.Io.Terminal is not null));
        Add("readable", (m, file, a) => new(file.Mode[0] == 'r'));
        Add("writable", (m, file, a) => new(file.Mode[0] != 'r'));
        Add("seek", (m, file, a) => new((BigInteger)(file._at = (int)Math.Clamp(a.Whole(1), 0, file._content.Length))));
        Add("tell", (m, file, a) => new((BigInteger)file._at));
        Add("__enter__", (m, file, a) => new(a.Values[0]));
        Add("getcode", (m, file, a) => new((BigInteger)200));
        return type;
    }

    private object Out(byte[] bytes) => IsBinary ? bytes : PythonEncoding.Decode(bytes, "utf-8", "strict").Replace("\r\n", "\n", StringComparison.Ordinal);

    private async ValueTask<byte[]> ReadAsync(PythonMachine machine, int most)
    {
        CheckOpen();
        if (Mode[0] != 'r' && !Mode.Contains('+', StringComparison.Ordinal))
        {
            throw PythonErrors.New("ValueError", "not readable");
        }

        if (Standard == 0)
        {
            byte[] got = most == int.MaxValue ? await machine.Streams.Input.ReadAllAsync(machine.Cancellation) : await machine.Streams.Input.ReadExactlyAsync(Math.Min(most, Largest), machine.Cancellation);
            machine.Reserve(got.Length);
            return got;
        }

        byte[] part = _content[_at..(int)Math.Min(_content.Length, (long)_at + most)];
        machine.Reserve(part.Length);
        _at += part.Length;
        return part;
    }

    /// <summary>A line with its end; null: nothing is left.</summary>
    public async ValueTask<object?> ReadLineAsync(PythonMachine machine)
    {
        CheckOpen();
        if (Standard == 0)
        {
            return await machine.Streams.Input.ReadLineAsync(machine.Cancellation) is { } line ? Out(Encoding.Latin1.GetBytes(line + "\n")) : null;
        }

        if (_at >= _content.Length)
        {
            return null;
        }

        int end = Array.IndexOf(_content, (byte)'\n', _at) is >= 0 and var found ? found + 1 : _content.Length;
        byte[] part = _content[_at..end];
        _at = end;
        return Out(part);
    }

    public async ValueTask<object?> WriteAsync(PythonMachine machine, object? value)
    {
        CheckOpen();
        byte[] bytes = value as byte[] ?? PythonEncoding.ToShell((string)value!);
        if (Mode[0] == 'r' && !Mode.Contains('+', StringComparison.Ordinal))
        {
            throw PythonErrors.New("ValueError", "not writable");
        }

        BigInteger count = value is string text ? text.Length : bytes.Length;
        if (Standard == 1)
        {
            await machine.WriteAsync(PythonEncoding.FromBytes(bytes));
        }
        else if (Standard == 2)
        {
            await machine.WriteErrorAsync(PythonEncoding.FromBytes(bytes));
        }
        else
        {
            machine.Reserve(bytes.Length);
            if (_written.Length + bytes.Length > Largest)
            {
                throw PythonErrors.System(28);
            }

            _written.Write(bytes);
            machine.Unsaved.Add(this);
        }

        return count;
    }

    private async ValueTask FlushAsync(PythonMachine machine)
    {
        await machine.FlushAsync();
        if (Path is not null && Mode[0] != 'r')
        {
            Save(machine);
        }
    }

    public async ValueTask CloseAsync(PythonMachine machine)
    {
        if (!IsClosed)
        {
            await FlushAsync(machine);
            IsClosed = Standard is null;
        }
    }

    /// <summary>What was written goes to the file.</summary>
    public void Save(PythonMachine machine)
    {
        machine.Unsaved.Remove(this);
        if (Path is null or "/dev/null" || (Mode[0] == 'r' && _written.Length == 0))
        {
            return;
        }

        Node? governing = machine.Call.Files.Find(Path) ?? machine.Call.Files.Find(Path[..Math.Max(1, Path.LastIndexOf('/'))]);
        if (governing is not null && !Access.MayWrite(governing, machine.State.Visit.UserId))
        {
            throw PythonErrors.System(13, Name);
        }

        FileError error = machine.Call.Files.Write(Path, _written.ToArray(), machine.State.Visit.UserId, machine.State.Visit.GroupId, 0x1B6 & ~machine.State.FileMask);
        if (error is not FileError.None)
        {
            throw PythonErrors.System(error, Name);
        }

        if (_written.Length > 0)
        {
            byte[] content = _written.ToArray();
            machine.State.Log.Record(new Observation(ObservationKinds.Upload) { Name = Path, Sha256 = machine.State.Log.SaveFile(Path, content), Size = content.Length, Method = "shell" });
        }
    }

    private void CheckOpen()
    {
        if (IsClosed)
        {
            throw PythonErrors.Value("I/O operation on closed file.");
        }
    }
}
