"""The Debian packages of the virtual machine: fetched and unpacked in a cache.

`packages.list` has a line for each package: the release, the name, the version
and the SHA-256 of the file.  A version that the mirror does not have any more
is replaced by the newest one of this name, and a line says so.  The mirror is
that of this host's own apt configuration.  Nothing is installed, and no file
outside the cache is written.

`packages.py` renews the list with the newest versions of the mirror.
"""
import hashlib
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LIST = os.path.join(HERE, "packages.list")
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or
                     os.path.expanduser("~/.cache"), "tapelab", "rig")
STABLE = "bookworm"
LATER = "trixie-backports"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# What the machine is made of.  Their dependencies come with them.
WANTED = ("qemu-system-x86 qemu-block-extra libiscsi7 busybox-static mt-st mtx "
          "sg3-utils lsscsi open-iscsi tar cpio mbuffer coreutils dash "
          "bacula-sd zstd udev jq").split()
# Dependencies that only an installed system needs.
LEFT_OUT = ("adduser debconf debianutils dpkg init-system-helpers "
            "initramfs-tools iso-codes kmod libcurl3-gnutls libfile-find-"
            "rule-perl libgfapi0 libnfs13 libpam0g libperl5.36 librados2 "
            "librbd1 libsemanage2 libssh-4 linux-base passwd perl perl-base "
            "procps python3-minimal qemu-utils sensible-utils sysvinit-"
            "utils ucf usrmerge").split()
# The kernels: the release, the package that names the newest one, and the
# beginnings of the names of its parts.
KERNELS = ((STABLE, "linux-image-amd64", ("linux-image",)),
           (LATER, "linux-image-amd64", ("linux-binary", "linux-modules")))


class Missing(Exception):
    """The machine cannot be built here; the message says why."""


def run(command, **options):
    """Return the output of a command, or raise Missing."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=900, check=False, **options)
    except (OSError, subprocess.TimeoutExpired) as e:
        raise Missing("%s: %s" % (command[0], e)) from None
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise Missing("%s failed: %s" % (" ".join(command[:2]),
                                         lines[-1] if lines else "no message"))
    return done.stdout.decode(errors="replace")


def apt(*command, **options):
    """Run an apt command with lists and caches of our own."""
    return run([command[0], "-c", os.path.join(CACHE, "apt", "apt.conf")] +
               list(command[1:]), **options)


def mirror():
    """Return the addresses of Debian and of its security updates."""
    found = {}
    for line in run(["apt-get", "indextargets", "--format",
                     "$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)",
                     "Created-By: Packages"]).splitlines():
        uri, release, component, origin = (line.split() + [""] * 4)[:4]
        if component == "main" and origin == "Debian":
            found["security" if "security" in release else "main"] = uri
    if "main" not in found:
        raise Missing("apt has no lists of a Debian mirror; run apt-get update")
    return found["main"], found.get("security")


def write_sources(base, releases):
    """Write the sources of apt: these releases of the mirror."""
    main, security = mirror()
    signed = "[signed-by=%s] " % KEYRING if os.path.exists(KEYRING) else ""
    with open(os.path.join(base, "sources.list"), "w", encoding="utf-8") as f:
        for release in releases:
            f.write("deb %s%s %s main\n" % (signed, main, release))
        if security:
            f.write("deb %s%s %s-security main\n" % (signed, security, STABLE))


def configure():
    """Write an apt configuration below the cache, and fetch the lists.  A
    mirror need not have the release of the later kernel: backports move to an
    archive."""
    base = os.path.join(CACHE, "apt")
    for folder in ("lists/partial", "archives/partial", "download", "none"):
        os.makedirs(os.path.join(base, folder), exist_ok=True)
    write_sources(base, (STABLE, LATER))
    # Packages that count as installed are not fetched.
    with open(os.path.join(base, "status"), "w", encoding="utf-8") as f:
        for name in LEFT_OUT:
            f.write("Package: %s\nStatus: install ok installed\nVersion: 99:1\n"
                    "Architecture: amd64\nMaintainer: -\nDescription: -\n\n"
                    % name)
    with open(os.path.join(base, "apt.conf"), "w", encoding="utf-8") as f:
        f.write("""#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Update::Pre-Invoke;
#clear Acquire::IndexTargets::deb::DEP-11;
APT::Architecture "amd64";
APT::Architectures "amd64";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::State "%s";
Dir::State::status "%s/status";
Dir::Cache "%s";
Dir::Etc::sourcelist "%s/sources.list";
Dir::Etc::sourceparts "%s/none";
Dir::Etc::preferencesparts "%s/none";
""" % ((base,) * 6))
    try:
        apt("apt-get", "update", "-qq")
    except Missing:
        write_sources(base, (STABLE,))
        apt("apt-get", "update", "-qq")


def sha256(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def read_list():
    """Return (release, name, version, sha256) of each line of the list."""
    with open(LIST, encoding="utf-8") as f:
        return [tuple(line.split()) for line in f
                if line.strip() and line[0] != "#"]


def versions(names):
    """Return, for each package, its versions, newest first, with release."""
    found = {name: [] for name in names}
    for line in apt("apt-cache", "madison", *names).splitlines():
        name, version, where = (part.strip() for part in line.split("|"))
        found[name].append((version, LATER if LATER in where else STABLE))
    return found


def fields(packages, what):
    """Return a field of each (name, version)."""
    found = {}
    text = apt("apt-cache", "show", *["%s=%s" % one for one in packages])
    for record in text.split("\n\n"):
        values = dict(line.split(": ", 1) for line in record.splitlines()
                      if re.match(r"[A-Za-z0-9-]+: ", line))
        if what in values:
            found[values["Package"], values["Version"]] = values[what]
    return [found.get(one, "") for one in packages]


def newest(packages):
    """Return (name, version) of the newest of each (release, name)."""
    there = versions([name for _, name in packages])
    found = []
    for release, name in packages:
        ours = [version for version, where in there[name] if where == release]
        if not ours:
            raise Missing("the mirror has no %s of %s" % (name, release))
        found.append((name, ours[0]))
    return found


def kernel_packages(release, meta, parts):
    """Return the packages of the newest kernel of a release."""
    depends = fields(newest([(release, meta)]), "Depends")[0]
    found = re.search(r"linux-image-(\d[^ ]*-amd64)", depends)
    if not found:
        raise Missing("%s of %s names no kernel" % (meta, release))
    return [(release, "%s-%s" % (part, found.group(1))) for part in parts]


def renew():
    """Write packages.list with the newest versions."""
    configure()
    names = []
    listed = apt("apt-get", "install", "--print-uris", "--yes", "-qq",
                 "--no-install-recommends", *WANTED)
    for name in re.findall(r"^'[^']*' ([^_ ]+)_", listed, re.M):
        names.append((STABLE, name))
    for kernel in KERNELS:
        names += kernel_packages(*kernel)
    names = sorted(set(names))
    packages = newest(names)
    rows = ["%s %s %s %s\n" % (release, name, version, digest)
            for (release, _), (name, version), digest in zip(
                names, packages, fields(packages, "SHA256"))]
    with open(LIST, encoding="utf-8") as f:
        head = [line for line in f if line[0] == "#"]
    with open(LIST, "w", encoding="utf-8") as f:
        f.writelines(head + rows)
    print("%d packages in %s" % (len(rows), LIST))


def substitute(release, name):
    """Return name, version and SHA-256 of what replaces a package that is gone.
    The name of a kernel's package has the version in it."""
    part = re.match(r"(linux-(?:image|binary|modules))-\d", name)
    if part:
        for kernel in KERNELS:
            if kernel[0] == release:
                name = kernel_packages(release, kernel[1], part.groups())[0][1]
    (name, version), = newest([(release, name)])
    return name, version, fields([(name, version)], "SHA256")[0]


def is_kernel(name):
    return name.startswith("linux-")


def current(row, there):
    """Return the row of a package as the mirror has it now."""
    release, name, version, _ = row
    if (version, release) in there[name]:
        return row
    found = (release, *substitute(release, name))
    print("rig: the mirror has no %s %s any more; taking %s %s" %
          (name, version, found[1], found[2]), flush=True)
    return found


def fetch():
    """Download the packages of the list that are not there yet.  Return
    (release, name, file) of each, and, by release, why its kernel is missing.
    One kernel is enough; all other packages are needed."""
    folder = os.path.join(CACHE, "apt", "download")
    rows, without = read_list(), {}
    absent = {row for row in rows if not os.path.exists(
        os.path.join(folder, row[3] + ".deb"))}
    if absent:
        configure()
        there = versions([row[1] for row in absent])
        # A kernel has several packages; they come together, or not at all.
        groups = {}
        for row in rows:
            groups.setdefault(row[0] if is_kernel(row[1]) else None,
                              []).append(row)
        rows = []
        for release, group in groups.items():
            try:
                now = [current(row, there) if row in absent else row
                       for row in group]
                download(folder, [row for row in now if not os.path.exists(
                    os.path.join(folder, row[3] + ".deb"))])
                rows += now
            except Missing as e:
                if release is None:
                    raise
                without[release] = str(e)
    if not any(is_kernel(row[1]) for row in rows):
        raise Missing("no kernel is available: %s" % "; ".join(without.values()))
    return [(row[0], row[1], os.path.join(folder, row[3] + ".deb"))
            for row in rows], without


def download(folder, rows):
    """Download packages; the SHA-256 of each file must be the one of its row.
    The file is then named after it."""
    if not rows:
        return
    work = os.path.join(folder, "work-%d" % os.getpid())
    os.makedirs(work, exist_ok=True)
    try:
        apt("apt-get", "download", "-qq",
            *["%s=%s" % (row[1], row[2]) for row in rows], cwd=work)
        files = {sha256(os.path.join(work, name)): name
                 for name in os.listdir(work)}
        for _, name, version, digest in rows:
            if digest not in files:
                raise Missing("%s %s: the file has another SHA-256 than "
                              "expected" % (name, version))
            os.rename(os.path.join(work, files[digest]),
                      os.path.join(folder, digest + ".deb"))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def install(names, tree):
    """Unpack the newest versions of packages of the stable release, and what
    they depend on, into a folder."""
    configure()
    listed = apt("apt-get", "install", "--print-uris", "--yes", "-qq",
                 "--no-install-recommends", *names)
    wanted = newest([(STABLE, name) for name in re.findall(
        r"^'[^']*' ([^_ ]+)_", listed, re.M)])
    work = os.path.join(CACHE, "apt", "work-%d" % os.getpid())
    os.makedirs(work)
    try:
        apt("apt-get", "download", "-qq", *["%s=%s" % one for one in wanted],
            cwd=work)
        for name in os.listdir(work):
            unpack(os.path.join(work, name), tree)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def unpack(path, tree):
    """Unpack a package.  Links of the tree, such as lib to usr/lib, stay."""
    os.makedirs(tree, exist_ok=True)
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", path],
                          stdout=subprocess.PIPE) as deb:
        done = subprocess.run(
            ["tar", "-x", "--keep-directory-symlink", "--no-same-owner",
             "--exclude=./usr/share/doc", "--exclude=./usr/share/man",
             "--exclude=./usr/share/locale", "-C", tree],
            stdin=deb.stdout, check=False)
    if done.returncode != 0 or deb.returncode != 0:
        raise Missing("%s cannot be unpacked" % path)


if __name__ == "__main__":
    try:
        renew()
    except Missing as e:
        sys.exit("packages: %s" % e)
