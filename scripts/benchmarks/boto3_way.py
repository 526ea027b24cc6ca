"""Usage: boto3_way.py {terminate | purge | ensure FOLDER | world INSTANCES IMAGES GROUPS}

Does with boto3 what automation.py's commands do, in the order and the number of its API calls:
one at a time, and one for each thing. Also makes the world that both sides find.
"""
import json
import pathlib
import sys

import boto3
import botocore.exceptions  # noqa: F401 automation.py imports it
import paramiko  # noqa: F401 and this

GROUPS = {"hg-linux-dev-1": [22], "hg-windows-dev-1": [22, 3389, 5985]}
ROLE, PROFILE, KEY = "hg-ephemeral-ec2-role-1", "hg-ephemeral-ec2-1", "hg-automation"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]})

session = boto3.Session()
ec2_client, ec2 = session.client("ec2"), session.resource("ec2")
iam_client, iam = session.client("iam"), session.resource("iam")


def tag(thing, key):
    return next((t["Value"] for t in thing.tags or [] if t["Key"] == key), "")


def terminate():
    alive = [{"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}]
    ours = [i for i in ec2.instances.filter(Filters=alive) if tag(i, "Name").startswith("hg-")]
    for instance in ours:
        instance.terminate()
    for instance in ours:
        instance.wait_until_terminated()


def purge():
    terminate()
    for image in ec2.images.filter(Owners=["self"]):
        if image.name.startswith("hg-"):
            snapshots = [m["Ebs"]["SnapshotId"] for m in image.block_device_mappings if "Ebs" in m]
            image.deregister()
            for snapshot in snapshots:
                ec2.Snapshot(snapshot).delete()
    for group in ec2.security_groups.all():
        if group.group_name.startswith("hg-"):
            group.delete()
    for profile in iam.instance_profiles.all():
        if profile.name.startswith("hg-"):
            for role in profile.roles:
                profile.remove_role(RoleName=role.name)
            profile.delete()
    for role in iam.roles.all():
        if role.name.startswith("hg-"):
            for policy in role.attached_policies.all():
                role.detach_policy(PolicyArn=policy.arn)
            role.delete()


def ensure(folder):
    key_file = pathlib.Path(folder, KEY)
    if KEY not in {pair.name for pair in ec2.key_pairs.all()}:
        key_file.write_text(ec2.create_key_pair(KeyName=KEY).key_material)
    there = {group.group_name for group in ec2.security_groups.all()}
    for name, ports in GROUPS.items():
        if name not in there:
            group = ec2.create_security_group(GroupName=name, Description="benchmark")
            group.authorize_ingress(IpPermissions=[
                {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
                for port in ports])
    profiles = {profile.name for profile in iam.instance_profiles.all()}
    roles = {role.name for role in iam.roles.all()}
    role, profile = iam.Role(ROLE), iam.InstanceProfile(PROFILE)
    if ROLE not in roles:
        iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=TRUST)
    iam_client.get_waiter("role_exists").wait(RoleName=ROLE)
    if ROLE not in roles:
        role.attach_policy(PolicyArn="arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM")
    if PROFILE not in profiles:
        iam.create_instance_profile(InstanceProfileName=PROFILE)
    iam_client.get_waiter("instance_profile_exists").wait(InstanceProfileName=PROFILE)
    profile.load()
    if ROLE not in {held.name for held in profile.roles}:
        profile.add_role(RoleName=ROLE)


def world(instances, images, groups):
    """What automation.py would have left, but images have an owner: their names must differ."""
    public = ec2_client.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = ec2.create_instances(
        ImageId=public, MinCount=instances, MaxCount=instances, InstanceType="t3.medium",
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "hg-temp-windows"}]}])
    for number in range(images):
        image = made[0].create_image(Name=f"hg-linux-dev-debian12-{number:08x}")
        image.create_tags(Tags=[{"Key": "hgauto:owner", "Value": "bench@bench"}])
    for name in list(GROUPS)[:groups]:
        ec2.create_security_group(GroupName=name, Description="benchmark")


def main():
    job, *arguments = sys.argv[1:]
    if job == "world":
        world(*map(int, arguments))
    else:
        {"terminate": terminate, "purge": purge, "ensure": ensure}[job](*arguments)


if __name__ == "__main__":
    main()
